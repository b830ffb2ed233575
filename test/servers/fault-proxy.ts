import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sleep } from './process.ts'

/** What goes wrong between the Worker and the endpoint. */
export type Fault =
  /** Nobody listens on the port. */
  | { readonly kind: 'refuse' }
  /** The connection is accepted and the request read; no answer comes. */
  | { readonly kind: 'silence' }
  /** The connection ends in the middle of the endpoint's real answer. */
  | { readonly kind: 'cut' }
  /** A proxy's HTML page with status 200, or another one. */
  | { readonly kind: 'html'; readonly status?: number }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Each request waits until the fault is over, and then gets the endpoint's real answer. */
  | { readonly kind: 'hold' }
  /** The endpoint's real answer, this much later. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** An answer of this many bytes, with status 200. */
  | { readonly kind: 'bytes'; readonly bytes: number }

interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
  /** Epoch ms. */
  readonly arrivedAt: number
}

/** An HTTP proxy in front of one endpoint that can break one thing at a time and mend it again. */
export interface FaultProxy {
  /** The target's URL with the proxy's host and port, path included. */
  readonly url: string
  /** Every request since the start or the last {@link clear}, the refused ones excepted. */
  readonly requests: readonly SeenRequest[]
  /** Milliseconds that every answer takes longer: one round trip of a network. [0] */
  latencyMs: number
  /** Breaks something, or mends it (undefined). Resolves when it is in force. */
  set(fault: Fault | undefined): Promise<void>
  /** Forgets the requests seen so far. */
  clear(): void
  close(): Promise<void>
}

/** @param target URL of an HTTP endpoint on this machine; its path is the beginning of every request's path */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { origin, pathname } = new URL(target)
  const requests: SeenRequest[] = []
  let fault: Fault | undefined
  const held: (() => void)[] = []
  const server = createServer((request, response) => {
    // Connections that the other end gave up are not our fault.
    handle(request, response).catch(() => response.destroy())
  })
  server.keepAliveTimeout = 0

  const listen = (onPort: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(onPort, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })

  await listen(0)
  const { port } = server.address() as AddressInfo
  const proxy: FaultProxy = {
    url: `http://127.0.0.1:${port}${pathname === '/' ? '' : pathname}`,
    requests,
    latencyMs: 0,
    async set(next) {
      const wasListening = fault?.kind !== 'refuse'
      fault = next
      if (next?.kind !== 'hold') for (const goOn of held.splice(0)) goOn()
      if (next?.kind === 'refuse') await stopListening()
      else if (!wasListening) await listen(port)
    },
    clear: () => requests.splice(0),
    close: stopListening,
  }

  function stopListening(): Promise<void> {
    if (!server.listening) return Promise.resolve()
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await read(request)
    const { method = 'GET', url: path = '/', headers } = request
    requests.push({ method, path, headers, body: body.toString('utf8'), arrivedAt: Date.now() })
    const now = fault
    if (now?.kind === 'hold') await new Promise<void>((resolve) => held.push(resolve))
    await sleep(proxy.latencyMs + (now?.kind === 'delay' ? now.ms : 0))
    if (response.destroyed || now?.kind === 'silence') return
    const made = now && madeUp(now)
    if (made) {
      response.writeHead(made.status, made.headers).end(made.body)
      return
    }
    const answer = await forward(`${origin}${path}`, request, body, response)
    const length = String(answer.body.length)
    response.writeHead(answer.status, { ...answer.headers, 'content-length': length })
    if (now?.kind !== 'cut') {
      response.end(answer.body)
      return
    }
    response.write(answer.body.subarray(0, Math.ceil(answer.body.length / 2)), () => response.destroy())
  }

  return proxy
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

function madeUp(fault: Fault): Answer | undefined {
  switch (fault.kind) {
    case 'answer':
      return { status: fault.status, headers: fault.headers ?? {}, body: Buffer.from(fault.body) }
    case 'html':
      return {
        status: fault.status ?? 200,
        headers: { 'content-type': 'text/html' },
        body: Buffer.from('<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>'),
      }
    case 'bytes':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: Buffer.alloc(fault.bytes, 120),
      }
    default:
      return undefined
  }
}

/** Asks the target; gives up when the client of the proxy does. */
function forward(
  url: string,
  from: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<Answer> {
  const { host: _host, connection: _connection, ...headers } = from.headers
  return new Promise((resolve, reject) => {
    const options = { method: from.method ?? 'GET', headers, agent: false }
    const asked = httpRequest(url, options, (answer) => {
      const { connection: _ours, 'transfer-encoding': _chunked, ...rest } = answer.headers
      read(answer).then(
        (text) => resolve({ status: answer.statusCode ?? 502, headers: rest, body: text }),
        reject,
      )
    })
    asked.once('error', reject)
    response.once('close', () => asked.destroy())
    asked.end(body)
  })
}

async function read(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk)
  return Buffer.concat(chunks)
}
