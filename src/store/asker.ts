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

/** What a try may take after a fault where no answer has waited yet, in ms: Lambda sends an answer only when it has ended. */
const firstProbeLimitMs = 200

/** Sends commands; what cannot be asked is undefined and never an error. */
export interface Asker {
  /** Undefined when the store cannot be asked, at once when that is known. */
  ask<T>(limitMs: number, send: (client: StoreClient) => Promise<T>): Promise<T | undefined>
  /** The same with the time that another command has left over: to be too slow for that is not a fault. */
  askInRest<T>(limitMs: number, send: (client: StoreClient) => Promise<T>): Promise<T | undefined>
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
  // What a try may take after a fault is what an answer waits for: with less time a store that answers would not be found back,
  // and with more one would be that is too slow for the answers.
  let probeLimitMs = firstProbeLimitMs
  const send = async <T>(
    limitMs: number,
    command: (client: StoreClient) => Promise<T>,
    isFault = (_error: unknown) => true,
  ) => {
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
      if (isFault(error)) availability.failed(thrownText(error), askedAt)
      return undefined
    }
  }
  return {
    availability,
    async ask(limitMs, command) {
      probeLimitMs = limitMs
      return availability.mayAsk() ? send(limitMs, command) : undefined
    },
    askInRest: async (limitMs, command) =>
      availability.mayAsk() ? send(limitMs, command, (error) => !isTimeout(error)) : undefined,
    try: async (limitMs, command) =>
      availability.mayTry()
        ? send(availability.isUp() ? limitMs : Math.min(limitMs, probeLimitMs), command)
        : undefined,
  }
}

const isTimeout = (error: unknown) => error instanceof CheckError && error.code === 'timeout'
