import { type Background, createBackground } from './core/background.ts'
import type { CacheRequest } from './core/cache.ts'
import type { Result } from './core/check.ts'
import type { Clock } from './core/clock.ts'
import { type Identity, worst } from './core/report.ts'
import type { Scrub } from './core/scrub.ts'
import { thrownText } from './core/thrown-text.ts'
import { type Log, levelOf, logEntry } from './notify/log.ts'
import type { EndedTick, Sink, TellEnd, Tick } from './notify/notifier.ts'
import type { Tell } from './notify/notify.ts'

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

/** How long a bad answer is left alone before the checks are asked once more, in ms: a restart takes a few seconds. */
const confirmAfterMs = 10_000

/**
 * One tick of the cron: every check through the cache, so that a TTL longer than the interval is honoured, then the
 * check-ins and the heartbeat, then one line of JSON. Resolves when everybody has been told.
 *
 * Two bad answers are the rule for paging, and a heartbeat service pages on the first that it hears of. So what failed is
 * asked once more after {@link confirmAfterMs}, and the second answer is what is told; the line has the first one too.
 * Costs one more run of the failed checks, on a bad run only. Sentry's events, which page nobody by themselves, are not
 * held back.
 *
 * Takes at most two deadlines, the wait between them and the longest sink (`longestPingMs` of the heartbeat): 38 s
 * by default, 81 s with the longest deadline. The `timeout` of a Lambda function has to be longer.
 *
 * @throws {Error} when the checks could not be run; a check that fails is an answer
 */
export function createCron(options: CronOptions): (tick: Tick) => Promise<void> {
  const { clock, sinks } = options
  return async (tick) => {
    const start = clock.monotonic()
    const background = createBackground()
    const tellers = sinks.flatMap((sink) => begin(sink, tick, options))
    const first = await ask(options, tick, background, { names: options.checkers, fresh: false })
    const answer = isBad(first) ? await askAgain(options, tick, background, first) : first
    const ended: EndedTick = {
      ...tick,
      passed: !isBad(answer),
      results: answer.results,
      durationMs: clock.monotonic() - start,
    }
    const [told] = await Promise.all([
      Promise.all(tellers.map(async ({ name, end }) => [name, await end(ended)])),
      background.settled(),
    ])
    logTick(options, ended, {
      answer,
      first: first === answer ? undefined : first,
      told: Object.fromEntries(told),
    })
    // Not the error itself: the platform would log its text as it stands.
    if (answer.bug) throw new Error('the checks could not be run; the reason is in the line before')
  }
}

/** A sink with a bug keeps no check from running, and nobody else from being told. */
function begin(sink: Sink, tick: Tick, { log, scrub }: CronOptions): { name: string; end: TellEnd }[] {
  const { name } = sink
  const notSent = (error: unknown) => {
    log('error', `bug in the sink ${name}`, { reason: scrub(thrownText(error)) })
    return 'not sent'
  }
  const guarded = (end: TellEnd) => async (ended: EndedTick) => {
    try {
      return await end(ended)
    } catch (error) {
      return notSent(error)
    }
  }
  try {
    const end = sink.begin?.(tick)
    return end ? [{ name, end: guarded(end) }] : []
  } catch (error) {
    const told = notSent(error)
    return [{ name, end: async () => told }]
  }
}

interface Answer {
  readonly results: readonly Result[]
  /** Why the checks could not be run. */
  readonly bug?: { readonly error: unknown }
}

const isFailed = ({ status }: Result): boolean => status === 'fail'
const isBad = ({ results, bug }: Answer): boolean => bug !== undefined || results.some(isFailed)

async function ask(
  { clock, deadlineMs, tell, results }: CronOptions,
  { hostname, release }: Tick,
  { waitUntil }: Background,
  { names, fresh }: { readonly names: readonly string[]; readonly fresh: boolean },
): Promise<Answer> {
  const identity = { hostname, release }
  const deadlineAt = clock.now() + deadlineMs
  try {
    return { results: await results(names, { fresh, deadlineAt, waitUntil, ...identity }) }
  } catch (error) {
    waitUntil(tell((sink) => sink.bug?.(error, identity)))
    return { results: [], bug: { error } }
  }
}

/** Only what failed: what passed may have a TTL that spares a sleeping database. */
async function askAgain(
  options: CronOptions,
  tick: Tick,
  background: Background,
  { results }: Answer,
): Promise<Answer> {
  await options.clock.sleep(confirmAfterMs)
  const passed = results.filter((result) => !isFailed(result))
  const names = options.checkers.filter((name) => !passed.some(({ checker }) => checker === name))
  const second = await ask(options, tick, background, { names, fresh: true })
  if (second.bug) return second
  const all = [...passed, ...second.results]
  return { results: options.checkers.flatMap((name) => all.find(({ checker }) => checker === name) ?? []) }
}

function logTick(
  { log, scrub }: CronOptions,
  { hostname, release, results, passed, durationMs }: EndedTick,
  {
    answer,
    first,
    told,
  }: { readonly answer: Answer; readonly first: Answer | undefined; readonly told: object },
): void {
  const status = passed ? worst(results) : 'fail'
  const reasonOf = ({ bug }: Answer) => (bug ? { reason: scrub(thrownText(bug.error)) } : {})
  const entriesOf = (of: readonly Result[]) => of.map((result) => logEntry(result, scrub))
  log(levelOf[status], 'cron run', {
    trigger: 'cron',
    hostname,
    release,
    status,
    duration: Math.round(durationMs) / 1000,
    ...reasonOf(answer),
    results: entriesOf(results),
    ...(first && { first_answer: { ...reasonOf(first), failed: entriesOf(first.results.filter(isFailed)) } }),
    told,
  })
}
