import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An HTTP service of the local stack. It listens on 127.0.0.1 only. */
export interface HttpService {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string
  readonly port: number
  /** Stops listening and cuts every connection. */
  close(): Promise<void>
}

/** One HTTP exchange. */
export interface Exchange {
  readonly request: IncomingMessage
  /** Path without the query string, still percent-encoded. */
  readonly path: string
  readonly query: URLSearchParams
  /** Aborts when the client goes away before it has its answer. */
  readonly signal: AbortSignal
}

/** What is answered. `body` is sent as JSON. */
export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** The request body is larger than the service takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * Serves `handle` on 127.0.0.1.
 * @param port 0 chooses a free one
 * @throws when the port is taken
 */
export async function serveHttp(
  handle: (exchange: Exchange) => Promise<Answer>,
  port = 0,
): Promise<HttpService> {
  const server = createServer((request, response) => {
    const gone = new AbortController()
    response.once('close', () => response.writableFinished || gone.abort())
    const [path = '', query = ''] = (request.url ?? '').split(/\?(.*)/s)
    handle({ request, path, query: new URLSearchParams(query), signal: gone.signal }).then(
      (answer) => send(response, answer),
      (error: unknown) => send(response, { status: 500, body: { message: String(error) } }),
    )
  })
  // A server that closes an idle connection races with the client that is about to use it again.
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    ...headers,
  })
  // The answer to HEAD ends after its headers.
  response.end(response.req.method === 'HEAD' ? undefined : text)
  // What is left of a refused body is thrown away: a connection that is reset could take the answer with it.
  response.req.resume()
}

/**
 * Reads the whole request body.
 * @param maxBytes more than this is not kept
 * @throws {BodyTooLarge}
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes > maxBytes) throw new BodyTooLarge(`request is too large (max is ${maxBytes} bytes)`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
