import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sleep } from './process.ts'

/** How Sentry behaves: `slow` answers after `ms`, `held` when the promise resolves, `silent` never, `down` cuts the connection. */
type IngestMode =
  | { readonly kind: 'ok' | 'down' | 'silent' }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'held'; readonly until: Promise<void> }

interface Item {
  readonly type: string
  readonly payload: Record<string, unknown>
}

/** One POST to the envelope endpoint (https://develop.sentry.dev/sdk/data-model/envelopes/). */
interface SeenEnvelope {
  /** The body as it came. */
  readonly raw: string
  readonly header: Record<string, unknown>
  readonly items: readonly Item[]
}

/** Takes what an SDK sends to Sentry, and counts it. */
export interface SentryIngest {
  readonly dsn: string
  mode: IngestMode
  readonly envelopes: SeenEnvelope[]
  /** How many have been answered. */
  readonly answered: number
  /** The payloads of all items of this type, in the order of their arrival. */
  items<Payload = Record<string, unknown>>(type: 'event' | 'check_in' | 'transaction'): Payload[]
  clear(): void
  close(): Promise<void>
}

export async function startSentryIngest(): Promise<SentryIngest> {
  const envelopes: SeenEnvelope[] = []
  const ingest: { mode: IngestMode; answered: number } = { mode: { kind: 'ok' }, answered: 0 }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { mode } = ingest
    if (mode.kind === 'down') return void request.socket.destroy()
    if (request.method !== 'POST' || !/^\/api\/42\/envelope\/\?/.test(request.url ?? '')) {
      return void response.writeHead(404).end()
    }
    envelopes.push(parse(Buffer.concat(chunks).toString()))
    if (mode.kind === 'silent') return
    if (mode.kind === 'slow') await sleep(mode.ms)
    if (mode.kind === 'held') await mode.until
    ingest.answered += 1
    const status = mode.kind === 'status' ? mode.status : 200
    response.writeHead(status, status === 429 ? { 'Retry-After': '60' } : {}).end('{}')
  }

  const server = createServer((request, response) => {
    take(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(ingest, {
    dsn: `http://0123456789abcdef0123456789abcdef@127.0.0.1:${port}/42`,
    envelopes,
    items: (type: string) =>
      envelopes.flatMap(({ items }) =>
        items.filter((item) => item.type === type).map(({ payload }) => payload as never),
      ),
    clear() {
      envelopes.splice(0)
      ingest.answered = 0
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}

function parse(raw: string): SeenEnvelope {
  const [header = '', ...lines] = raw.split('\n')
  const items: Item[] = []
  for (let index = 0; index + 1 < lines.length; index += 2) {
    const { type } = JSON.parse(lines[index] as string)
    items.push({ type, payload: JSON.parse(lines[index + 1] as string) })
  }
  return { raw, header: JSON.parse(header), items }
}
