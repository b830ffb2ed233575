import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The body of a health check, as the endpoint writes it. */
export function healthBody(options: {
  release?: string
  /** Seconds; every result has this time. */
  timestamp?: number
  /** The checks that do not pass. */
  failing?: readonly string[]
  checks?: readonly string[]
  details?: Record<string, unknown>
}): string {
  const { release, timestamp = 1, failing = [], checks = ['database', 'redis'], details } = options
  return JSON.stringify({
    status: failing.length > 0 ? 'failure' : 'success',
    timestamp,
    hostname: 'health-check/fra',
    ...(release ? { release } : {}),
    results: checks.map((checker) => {
      const passed = !failing.includes(checker)
      return {
        checker,
        output: passed ? `${checker} ok` : `${checker} cannot be reached`,
        passed,
        status: passed ? 'pass' : 'fail',
        code: passed ? 'ok' : 'unreachable',
        timestamp,
        expires: timestamp + 27,
        response_time: 0.012431,
        ...(details ? { details } : {}),
      }
    }),
  })
}

export type Answer = { status: number; body: string; headers?: Record<string, string> }

/** A real HTTP server that answers what the script says. */
export async function fakeDeployment(
  script: (request: IncomingMessage, response: ServerResponse) => Answer | undefined,
): Promise<{ url: string; requests: IncomingMessage[]; close: () => Promise<void> }> {
  const requests: IncomingMessage[] = []
  const server = createServer((request, response) => {
    requests.push(request)
    const answer = script(request, response)
    // No answer from the script: it has the response in hand, or leaves the client waiting.
    if (answer) response.writeHead(answer.status, answer.headers).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
