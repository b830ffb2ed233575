import { type Background, createBackground } from './core/background.ts'
import type { CacheRequest } from './core/cache/cache.ts'
import type { Result } from './core/check.ts'
import type { Clock } from './core/clock.ts'
import { type Identity, worst } from './core/report.ts'
import type { Scrub } from './core/scrub.ts'
import { thrownText } from './core/thrown-text.ts'
import { type Log, levelOf, logEntry } from './notify/log.ts'
import type { CronRun, EndedCronRun, Notifier, NotifyEnd } from './notify/notifier.ts'
import type { Notify } from './notify/notify.ts'

export interface CronOptions {
  readonly clock: Clock
  /** Every check that exists here. */
  readonly checkers: readonly string[]
  readonly deadlineMs: number
  readonly results: (names: readonly string[], request: CronRequest) => Promise<readonly Result[]>
  /**
   * Which of these failed checks were bad in earlier runs too, as the alerts count them. Without it, or where nobody knows,
   * none is. Never rejects.
   */
  readonly confirmed?: (failed: readonly Result[], identity: Identity) => Promise<ReadonlySet<string>>
  readonly notifiers: readonly Notifier[]
  readonly notify: Notify
  readonly log: Log
  readonly scrub: Scrub
}

type CronRequest = CacheRequest & Identity

/** How long a bad answer is left alone before the checks are asked once more, in ms: a restart takes a few seconds. */
const confirmAfterMs = 10_000

/**
 * One run of the cron: every check through the cache, so that a TTL longer than the interval is honoured, then the
 * check-ins and the heartbeat, then one line of JSON. Resolves when every notifier is done.
 *
 * Two bad answers are the rule for paging, and a heartbeat service pages on the first one. So what failed is
 * asked once more after {@link confirmAfterMs}, and the second answer is what is reported; the line has the first one too.
 * With a store the runs before this one count: what they have confirmed is not asked again.
 * Costs one more run of the failed checks, on a bad run only. Sentry's events, which page nobody by themselves, are not
 * held back.
 *
 * Takes at most two deadlines, the wait between them and the longest notifier (`maxPingMs` of the heartbeat): 38 s
 * by default, 81 s with the longest deadline. The `timeout` of a Lambda function has to be longer.
 *
 * @throws {Error} when the checks could not be run; a check that fails is an answer
 */
export function createCron(options: CronOptions): (cronRun: CronRun) => Promise<void> {
  const { clock, notifiers } = options
  return async (cronRun) => {
    const start = clock.monotonic()
    const background = createBackground()
    const begun = notifiers.flatMap((notifier) => begin(notifier, cronRun, options))
    const first = await runChecks(options, cronRun, background, { names: options.checkers, fresh: false })
    const answer = isBad(first) ? await confirmFailures(options, cronRun, background, first) : first
    const ended: EndedCronRun = {
      ...cronRun,
      passed: !isBad(answer),
      results: answer.results,
      durationMs: clock.monotonic() - start,
    }
    const [deliveries] = await Promise.all([
      Promise.all(begun.map(async ({ name, end }) => [name, await end(ended)])),
      background.settled(),
    ])
    logRun(options, ended, {
      answer,
      first: first === answer ? undefined : first,
      deliveries: Object.fromEntries(deliveries),
    })
    // Not the error itself: the platform would log its text as it stands.
    if (answer.bug) throw new Error('the checks could not be run; the reason is in the line before')
  }
}

/** A notifier with a bug keeps no check from running, and no other notifier from its work. */
function begin(
  notifier: Notifier,
  cronRun: CronRun,
  { log, scrub }: CronOptions,
): { name: string; end: NotifyEnd }[] {
  const { name } = notifier
  const notSent = (error: unknown) => {
    log('error', `bug in the notifier ${name}`, { reason: scrub(thrownText(error)) })
    return 'not sent'
  }
  const guarded = (end: NotifyEnd) => async (ended: EndedCronRun) => {
    try {
      return await end(ended)
    } catch (error) {
      return notSent(error)
    }
  }
  try {
    const end = notifier.begin?.(cronRun)
    return end ? [{ name, end: guarded(end) }] : []
  } catch (error) {
    const delivery = notSent(error)
    return [{ name, end: async () => delivery }]
  }
}

interface CronResults {
  readonly results: readonly Result[]
  /** Why the checks could not be run. */
  readonly bug?: { readonly error: unknown }
}

const isFailed = ({ status }: Result): boolean => status === 'fail'
const isBad = ({ results, bug }: CronResults): boolean => bug !== undefined || results.some(isFailed)

async function runChecks(
  { clock, deadlineMs, notify, results }: CronOptions,
  { hostname, release }: CronRun,
  { waitUntil }: Background,
  { names, fresh }: { readonly names: readonly string[]; readonly fresh: boolean },
): Promise<CronResults> {
  const identity = { hostname, release }
  const deadlineAt = clock.now() + deadlineMs
  try {
    return { results: await results(names, { fresh, deadlineAt, waitUntil, ...identity }) }
  } catch (error) {
    waitUntil(notify((notifier) => notifier.bug?.(error, identity)))
    return { results: [], bug: { error } }
  }
}

/** Only what failed and is not confirmed: what passed may have a TTL that spares a sleeping database. */
async function confirmFailures(
  options: CronOptions,
  cronRun: CronRun,
  background: Background,
  first: CronResults,
): Promise<CronResults> {
  const failed = first.results.filter(isFailed)
  const confirmed = (await options.confirmed?.(failed, cronRun)) ?? new Set()
  const known = first.results.filter((result) => !isFailed(result) || confirmed.has(result.checker))
  const names = options.checkers.filter((name) => !known.some(({ checker }) => checker === name))
  if (names.length === 0) return first
  await options.clock.sleep(confirmAfterMs)
  const second = await runChecks(options, cronRun, background, { names, fresh: true })
  if (second.bug) return second
  const all = [...known, ...second.results]
  return { results: options.checkers.flatMap((name) => all.find(({ checker }) => checker === name) ?? []) }
}

function logRun(
  { log, scrub }: CronOptions,
  { hostname, release, results, passed, durationMs }: EndedCronRun,
  {
    answer,
    first,
    deliveries,
  }: { readonly answer: CronResults; readonly first: CronResults | undefined; readonly deliveries: object },
): void {
  const status = passed ? worst(results) : 'fail'
  const reasonOf = ({ bug }: CronResults) => (bug ? { reason: scrub(thrownText(bug.error)) } : {})
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
    notified: deliveries,
  })
}
