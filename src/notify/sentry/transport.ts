import type { CloudflareClient, createTransport } from '@sentry/cloudflare'
import { boundedFetch } from '../../clients/bounded-fetch.ts'
import { CheckError } from '../../core/check.ts'
import { type Scrub, scrubValue } from '../../core/scrub.ts'

type Transport = ReturnType<typeof createTransport>
type Envelope = Parameters<Transport['send']>[0]
type MakeTransport = NonNullable<ConstructorParameters<typeof CloudflareClient>[0]['transport']>

/** What became of one envelope: `sent`, or why it was not. */
export type Attempt = 'sent' | `status ${number}` | 'timeout' | 'unreachable'

interface TransportOptions {
  readonly create: typeof createTransport
  readonly scrub: Scrub
  readonly timeoutMs: number
  /** Takes what became of each envelope. */
  readonly attempts: Attempt[]
}

/**
 * Sends envelopes by a bounded fetch, every text in them scrubbed: not only what we put in, also what the SDK took
 * from an error, its causes and its stack (https://develop.sentry.dev/sdk/data-model/envelopes/).
 */
export function scrubbedTransport({ create, scrub, timeoutMs, attempts }: TransportOptions): MakeTransport {
  return (options) => {
    const transport = create(options, async ({ body }) => {
      const attempt = await post(
        options.url,
        typeof body === 'string' ? body : new Uint8Array(body),
        timeoutMs,
      )
      attempts.push(attempt)
      return attempt.startsWith('status ') ? { statusCode: Number(attempt.slice(7)) } : {}
    })
    return {
      send: (envelope) => transport.send(scrubEnvelope(envelope, scrub)),
      flush: (timeout) => transport.flush(timeout),
    }
  }
}

async function post(url: string, body: BodyInit, timeoutMs: number): Promise<Attempt> {
  try {
    const headers = { 'Content-Type': 'application/x-sentry-envelope' }
    const { status } = await boundedFetch(url, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(timeoutMs),
    })
    return status >= 200 && status <= 299 ? 'sent' : `status ${status}`
  } catch (error) {
    return error instanceof CheckError && error.code === 'timeout' ? 'timeout' : 'unreachable'
  }
}

/** The header's `trace` is left out: it repeats the key of the DSN and serves sampling, which is not used here. */
function scrubEnvelope([header, items]: Envelope, scrub: Scrub): Envelope {
  const { event_id, sent_at, sdk }: Record<string, unknown> = { ...header }
  return [
    { event_id, sent_at, sdk },
    (items as [unknown, unknown][]).map(([itemHeader, payload]) => [itemHeader, scrubValue(payload, scrub)]),
  ] as Envelope
}
