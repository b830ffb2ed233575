import { type Background, createBackground } from './background.ts'
import type { CacheRequest } from './cache.ts'
import type { Result } from './check.ts'
import type { Clock } from './clock.ts'
import { type Identity, worst } from './report.ts'
import type { Scrub } from './scrub.ts'
import { type Log, levelOf, logEntry } from './sinks/log.ts'
import type { EndedTick, Sink, TellEnd, Tick } from './sinks/sink.ts'
import type { Tell } from './sinks/tell.ts'

export interface CronOptions {
  readonly clock: Clock
  /** Every check that exists here. */
  readonly checkers: readonly string[]
  readonly deadlineMs: number
  readonly results: (names: readonly string[], request: CronRequest) => Promise<readonly Result[]>
  readonly sinks: readonly Sink[]
  readonly tell: Tell
  readonly log: Log
  readonly scrub: Scrub
}

export type CronRequest = CacheRequest & Identity

/**
 * One tick of the cron: every check through the cache, so that a TTL longer than the interval is honoured, then the
 * check-ins and the heartbeat, then one line of JSON. Resolves when everybody has been told.
 *
 * @throws {Error} when the checks could not be run; a check that fails is an answer
 */
export function createCron(options: CronOptions): (tick: Tick) => Promise<void> {
  const { clock, sinks } = options
  return async (tick) => {
    const start = clock.monotonic()
    const background = createBackground()
    const tellers = sinks.flatMap((sink) => begin(sink, tick))
    const { results, bug } = await ask(options, tick, background)
    const durationMs = clock.monotonic() - start
    const passed = bug === undefined && worst(results) !== 'fail'
    const ended: EndedTick = { ...tick, passed, results, durationMs }
    const [told] = await Promise.all([
      Promise.all(tellers.map(async ({ name, end }) => [name, await end(ended).catch(() => 'not sent')])),
      background.settled(),
    ])
    logTick(options, ended, bug, Object.fromEntries(told))
    // Not the error itself: the platform would log its text as it stands.
    if (bug !== undefined) throw new Error('the checks could not be run; the reason is in the line before')
  }
}

/** A sink that cannot even begin keeps no check from running. */
function begin(sink: Sink, tick: Tick): { name: string; end: TellEnd }[] {
  try {
    return sink.begin ? [{ name: sink.name, end: sink.begin(tick) }] : []
  } catch {
    return [{ name: sink.name, end: async () => 'not sent' }]
  }
}

interface Bug {
  readonly error: unknown
}

async function ask(
  { clock, checkers, deadlineMs, tell, results }: CronOptions,
  { hostname, release }: Tick,
  { waitUntil }: Background,
): Promise<{ readonly results: readonly Result[]; readonly bug?: Bug }> {
  const identity = { hostname, release }
  const deadlineAt = clock.now() + deadlineMs
  try {
    return { results: await results(checkers, { fresh: false, deadlineAt, waitUntil, ...identity }) }
  } catch (error) {
    waitUntil(tell((sink) => sink.bug?.(error, identity)))
    return { results: [], bug: { error } }
  }
}

function logTick({ log, scrub }: CronOptions, end: EndedTick, bug: Bug | undefined, told: object): void {
  const { hostname, release, results, passed, durationMs } = end
  const status = passed ? worst(results) : 'fail'
  log(levelOf[status], 'cron run', {
    trigger: 'cron',
    hostname,
    release,
    status,
    duration: Math.round(durationMs) / 1000,
    ...(bug === undefined ? {} : { reason: scrub(String(bug.error)) }),
    results: results.map((result) => logEntry(result, scrub)),
    told,
  })
}
