import { closedUnanswered } from '../../clients/bounded-fetch.ts'
import { ConnectionClosed } from '../../clients/connection-closed.ts'
import { CheckError } from '../../core/check.ts'
import type { ScriptRunner } from './scripts.ts'

/**
 * Scripts that one control probe sends at most, whatever its settings and whatever happens. With the one that is sent
 * again after a lost connection, and all that the other checks and the notifiers send, an invocation of the cron stays
 * within the 50 subrequests of Workers Free (https://developers.cloudflare.com/workers/platform/limits/): the cron asks a
 * failed check twice. `test/checks/celery/budget.test.ts` adds them up.
 */
export const maxScripts = 9

/** How often a script is sent again in one run because the connection was closed before an answer came. */
export const maxResent = 1

/** Sends scripts, and counts them. */
export interface Requests {
  /** How many may still be sent. */
  readonly left: number
  /**
   * Sends what `ask` makes of the client. `ask` is called again where the connection was closed before an answer came: the
   * script may have run all the same, so `ask` has to send something new, or something that may be sent twice.
   */
  send<T>(ask: (redis: ScriptRunner) => Promise<T>): Promise<T>
}

/**
 * @param redis a client that sends nothing a second time
 * @example
 * const requests = limitRequests(open(signal, { retry: false }))
 * await requests.send((redis) => redis.eval(script, keys, values))
 */
export function limitRequests(redis: ScriptRunner): Requests {
  let left = maxScripts
  let resent = 0
  return {
    get left() {
      return left
    },
    async send(ask) {
      left -= 1
      try {
        return await ask(redis)
      } catch (error) {
        if (resent >= maxResent || !wasLost(error)) throw error
        resent += 1
        return ask(redis)
      }
    },
  }
}

/** Cloudflare's edge answers 520 where Node throws: "the origin unexpectedly closed or reset the connection". */
function wasLost(error: unknown): boolean {
  if (error instanceof ConnectionClosed) return true
  if (!(error instanceof CheckError)) return false
  return closedUnanswered(error) || error.details?.['http_status'] === 520
}
