import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { errorResponse } from '../../http/response.ts'

/** An HTTP server that can be stopped without breaking an answer off. */
interface HttpServer {
  readonly port: number
  /** Takes no new connection, and resolves when every request that was under way is answered. */
  close(): Promise<void>
  /** Ends what {@link close} still waits for. */
  closeNow(): void
}

/** How often connections are looked for whose last answer has left, in ms. */
const idleIntervalMs = 50

/** @throws {Error} when the port is taken or not allowed, in a sentence that says how to choose another one */
export async function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host }: { readonly port: number; readonly host: string | undefined },
): Promise<HttpServer> {
  const listener = getRequestListener(fetch, {
    // The application's own `Request` and `Response` stay as they are.
    overrideGlobalObjects: false,
    errorHandler: () =>
      errorResponse(400, 'bad_request', 'this is a request whose host or path cannot be part of a URL'),
  })
  const server = createServer(listener)
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(new Error(`Port ${port} cannot be listened on (${code}): set PORT to another one`)),
    )
    server.listen({ port, host }, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    close: () => closeGracefully(server),
    closeNow: () => server.closeAllConnections(),
  }
}

/** A connection that is kept alive becomes idle only when its last answer has left, and nobody says so. */
async function closeGracefully(server: Server): Promise<void> {
  const timer = setInterval(() => server.closeIdleConnections(), idleIntervalMs)
  try {
    await new Promise<void>((resolve) => server.close(() => resolve()))
  } finally {
    clearInterval(timer)
  }
}
