import type { CloudflareClient, createTransport, Scope } from '@sentry/cloudflare'
import { systemClock } from '../../core/clock.ts'
import type { Identity } from '../../core/report.ts'
import type { Scrub } from '../../core/scrub.ts'
import type { SentryEvent } from './event.ts'
import { exceptionsOf } from './exceptions.ts'
import type { StackParser } from './stack.ts'
import { type Attempt, scrubbedTransport } from './transport.ts'

/** The part of a Sentry SDK that is used here; each platform brings the SDK that was made for it. */
export interface SentrySdk {
  readonly createClient: (options: ClientOptions) => Client
  readonly createScope: () => Scope
  readonly createTransport: typeof createTransport
  readonly stackParser: StackParser
}

type ClientOptions = Omit<ConstructorParameters<typeof CloudflareClient>[0], 'stackParser'>

type Client = Pick<CloudflareClient, 'sendEvent' | 'captureCheckIn' | 'getOptions' | 'close'>

interface DeliveryOptions {
  readonly dsn: string
  readonly environment: string
  readonly identity: Identity
  readonly scrub: Scrub
}

type CheckIn = Parameters<Client['captureCheckIn']>[0]
type Monitor = Parameters<Client['captureCheckIn']>[1]

/**
 * What is sent to Sentry within one request. On Workers a promise of one request must not be awaited by another, and the
 * client of an SDK keeps the promises of whatever it sends; so each delivery has a client of its own.
 */
export interface Delivery {
  capture(event: SentryEvent): void
  /** Returns the id of the check-in. */
  checkIn(checkIn: CheckIn, monitor?: Monitor): string
  /** Waits for Sentry's answers, at most `timeoutMs`, and ends the client. One for each event and check-in. Never rejects. */
  end(): Promise<readonly Attempt[]>
}

/** How long Sentry may take, in ms. No answer waits for it. */
export const timeoutMs = 5000

export function openDelivery(sdk: SentrySdk, options: DeliveryOptions): Delivery {
  const { dsn, environment, identity, scrub } = options
  const attempts: Attempt[] = []
  let handedOver = 0
  const client = sdk.createClient({
    dsn,
    environment,
    ...(identity.release === undefined ? {} : { release: identity.release }),
    transport: scrubbedTransport({ create: sdk.createTransport, scrub, timeoutMs, attempts }),
    // Neither spans nor reports about what was dropped, and none of the hooks that the default integrations install.
    traceLifecycle: 'static',
    sendClientReports: false,
    integrations: [],
  })
  return {
    // Whole, as it is sent: what `captureException` does to it costs as much CPU time as all the rest of a failing run.
    capture({ error, fingerprint, tags, contexts }) {
      const { platform, runtime } = client.getOptions()
      handedOver += 1
      client.sendEvent({
        event_id: crypto.randomUUID().replaceAll('-', ''),
        timestamp: systemClock.now() / 1000,
        level: 'error',
        environment,
        ...(platform !== undefined && { platform }),
        ...(identity.release !== undefined && { release: identity.release }),
        fingerprint: [...fingerprint],
        tags: { ...tags, environment },
        contexts: { ...contexts, ...(runtime && { runtime }) },
        exception: { values: exceptionsOf(error, sdk.stackParser) },
      })
    },
    checkIn(checkIn, monitor) {
      handedOver += 1
      return client.captureCheckIn(checkIn, monitor, sdk.createScope())
    },
    async end() {
      await client.close(timeoutMs + 100)
      // What the SDK still holds is lost with the client.
      const unsent = Math.max(0, handedOver - attempts.length)
      return [...attempts, ...Array<Attempt>(unsent).fill('timeout')]
    },
  }
}
