import type { Result } from '../check.ts'
import type { CacheRequest } from './cache.ts'

/** Results by check. */
export type Results = ReadonlyMap<string, Result>

/**
 * The second level of the cache: the results that all isolates share, and a lease so that one of them runs for all.
 *
 * Nothing in here rejects, and every method ends within `limitMs`. What cannot be asked answers undefined, and the isolate
 * does as it does alone.
 */
export interface SharedResults<Request extends CacheRequest> {
  /** The last results of every check, expired or not; undefined when they cannot be asked for. */
  read(request: Request, limitMs: number): Promise<Results | undefined>
  /**
   * The same for an answer that shows what is known and runs nothing. It may also find out whether what could not be asked is
   * back: an isolate with no other answers writes nothing, which is how the others do.
   */
  readKnown(request: Request, limitMs: number): Promise<Results | undefined>
  /**
   * Whether this isolate is the one that runs these checks; undefined when that cannot be asked.
   *
   * @param lifeMs for how long no other isolate gets this lease; it is never given back
   */
  takeLease(
    request: Request,
    names: readonly string[],
    lifeMs: number,
    limitMs: number,
  ): Promise<boolean | undefined>
  /** Keeps these results beside those of other checks. No answer waits for it. */
  write(request: Request, results: readonly Result[]): Promise<void>
}
