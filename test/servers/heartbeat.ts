import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Ping {
  readonly method: string
  readonly path: string
  readonly body: string
}

/** A dead man's switch such as Healthchecks.io or Better Stack: any path is taken, and what was sent is kept. */
export interface HeartbeatService {
  readonly url: string
  readonly pings: Ping[]
  /** The status of each answer; 0 cuts the connection. [200] */
  status: number
  close(): Promise<void>
}

export async function startHeartbeat(): Promise<HeartbeatService> {
  const service = { pings: [] as Ping[], status: 200 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    service.pings.push({ method: request.method ?? '', path: request.url ?? '', body })
    if (service.status === 0) request.socket.destroy()
    else response.writeHead(service.status).end('OK')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(service, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
