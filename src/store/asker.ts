import { askWithin } from '../core/ask-within.ts'
import { CheckError } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import { thrownText } from '../core/thrown-text.ts'
import { type Availability, createAvailability } from './availability.ts'
import type { OpenStoreClient, StoreClient } from './store-client.ts'

export interface AskerOptions {
  readonly open: OpenStoreClient
  readonly clock: Clock
  /** Says in the log that something is wrong with the store; the reason is not scrubbed. */
  readonly complain: (message: string, reason: string) => void
}

/**
 * What a try may take after a fault, in ms: an answer may wait for it, and Lambda sends one only when it has ended. A command
 * that had less time than this and did not end is no fault: where Redis is far away, too little is left for the lease when
 * the snapshot has been read.
 */
const probeLimitMs = 200

/** Sends commands; what cannot be asked is undefined and never an error. */
export interface Asker {
  /** Undefined when the store cannot be asked, at once when that is known. */
  ask<T>(limitMs: number, send: (client: StoreClient) => Promise<T>): Promise<T | undefined>
  /** The same for what no answer waits for; it also finds out when the store is back. */
  try<T>(limitMs: number, send: (client: StoreClient) => Promise<T>): Promise<T | undefined>
  readonly availability: Availability
}

/** @param onServed gets the server's clock with every answer, and how many ms that took */
export function createAsker(
  { open, clock, complain }: AskerOptions,
  onServed: (servedAt: number | undefined, tookMs: number) => void,
): Asker {
  const availability = createAvailability(clock, complain)
  const send = async <T>(usualLimitMs: number, command: (client: StoreClient) => Promise<T>) => {
    const limitMs = availability.isUp() ? usualLimitMs : Math.min(usualLimitMs, probeLimitMs)
    const askedAt = clock.monotonic()
    try {
      const reply = await askWithin(clock, limitMs, async (signal) => {
        const client = open(signal)
        const answer = await command(client)
        onServed(client.servedAt, clock.monotonic() - askedAt)
        return answer
      })
      availability.worked()
      return reply
    } catch (error) {
      const hadLittleTime = limitMs < probeLimitMs && error instanceof CheckError && error.code === 'timeout'
      if (!hadLittleTime) availability.failed(thrownText(error), askedAt)
      return undefined
    }
  }
  return {
    availability,
    ask: async (limitMs, command) => (availability.mayAsk() ? send(limitMs, command) : undefined),
    try: async (limitMs, command) => (availability.mayTry() ? send(limitMs, command) : undefined),
  }
}
