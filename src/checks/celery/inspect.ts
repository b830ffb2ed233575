import type { Clock } from '../../core/clock.ts'
import {
  controlChannel,
  defaultSeparator,
  directRoute,
  registeredNames,
  registrySet,
  registrySuffix,
  replyRoute,
} from './keys.ts'
import { activeQueuesRequest, isAnswered, parseWorkerAnswer, type WorkerAnswer } from './messages.ts'
import { collect, type Opened, open, placeholder, registrySample, type ScriptRunner } from './scripts.ts'
import type { CelerySettings } from './settings.ts'

/** What the workers said, and who else there should be. */
export interface Inspection {
  /** Who listens on the control channel. A stranger's `PSUBSCRIBE *` counts too. */
  readonly subscribers: number
  readonly answers: readonly TimedAnswer[]
  /** Node names that started and did not stop cleanly; asked for only when somebody is missing. */
  readonly registered?: readonly string[]
  /** `sep` as the registered workers show it; undefined when they do not show one and the same. */
  readonly separator?: string
  /** Nothing was bound: the workers were asked to push their answers to a list directly. */
  readonly isUnbound?: true
}

/** `afterMs`: milliseconds from the publish's answer until this one was seen. */
export type TimedAnswer = WorkerAnswer & { readonly afterMs: number }

export type InspectSettings = Pick<
  CelerySettings,
  'keyPrefix' | 'controlExchange' | 'separator' | 'timeoutMs' | 'expectedWorkers'
>

/** A replicated database may count the subscribers of one node only, so nobody is believed the second time. */
const secondOpenAfterMs = 300
const pollPausesMs = [5, 10, 20, 40, 80, 160]
/** When enough have answered and somebody has not, it may be a stranger: after this long the registry is asked. */
const registryAfterMs = 100

/**
 * Asks all workers for their queues, as `celery inspect active_queues` does, without a connection that stays.
 * Healthy: two round trips, 9 billed commands (and 2 of each answering worker).
 */
export async function inspectWorkers(
  redis: ScriptRunner,
  settings: InspectSettings,
  clock: Clock,
  signal: AbortSignal,
): Promise<Inspection> {
  let request = await publish(redis, settings, clock)
  if (request.subscribers === 0) {
    await clock.sleep(secondOpenAfterMs, signal)
    request = await publish(redis, settings, clock)
  }
  const { subscribers, separator, way } = request
  const seen = { subscribers, ...(separator && { separator }) }
  if (subscribers === 0) return { ...seen, answers: [] }
  return {
    ...seen,
    ...(way === 'direct' && { isUnbound: true }),
    ...(await gather(redis, settings, request, clock, signal)),
  }
}

type PublishedRequest = Opened & { readonly ticket: string }

/** One round trip where the separator is as expected, else two. Should it change meanwhile, nothing is bound. */
async function publish(
  redis: ScriptRunner,
  settings: InspectSettings,
  clock: Clock,
): Promise<PublishedRequest> {
  const first = await publishBy(settings.separator ?? defaultSeparator, redis, settings, clock)
  if (first.way !== 'other') return first
  const second = await publishBy(first.separator, redis, settings, clock)
  return second.way === 'other' ? publishBy(undefined, redis, settings, clock) : second
}

async function publishBy(
  separator: string | undefined,
  redis: ScriptRunner,
  settings: InspectSettings,
  clock: Clock,
): Promise<PublishedRequest> {
  const ticket = crypto.randomUUID()
  const bound = replyRoute(settings, crypto.randomUUID(), clock.now(), separator)
  const direct = directRoute(settings, clock.now())
  const expires = (clock.now() + settings.timeoutMs) / 1000
  const messageFor = (route: Pick<typeof bound, 'exchange' | 'routingKey'>) =>
    activeQueuesRequest(route, settings.controlExchange, ticket, expires)
  const opened = await open(redis, {
    channel: controlChannel(settings),
    registry: registrySet(settings),
    registrySuffix: registrySuffix(settings),
    separator,
    bound: { route: bound, message: messageFor(bound) },
    direct: { route: direct, message: messageFor(direct) },
  })
  return { ...opened, ticket }
}

/** Reads answers until all have come, or nobody who is missing is a worker, or the time is over. */
async function gather(
  redis: ScriptRunner,
  settings: InspectSettings,
  { subscribers, ticket, replyList, alreadyThere, separator }: PublishedRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<Pick<Inspection, 'answers' | 'registered'>> {
  const publishedAt = clock.monotonic()
  const elapsed = () => clock.monotonic() - publishedAt
  const registry = registrySet(settings)
  const answers: TimedAnswer[] = []
  let registered: string[] | undefined
  let alreadyRead = alreadyThere
  let sentTwice = alreadyThere > 1
  for (let poll = 0; ; poll++) {
    const asked = elapsed()
    const last = asked >= settings.timeoutMs
    const enough = answers.length >= settings.expectedWorkers
    const askRegistry = !registered && (last || (enough && asked >= registryAfterMs))
    const collected = await collect(redis, { replyList, alreadyRead, registry, askRegistry })
    const afterMs = Math.round(elapsed())
    alreadyRead += collected.elements.length
    sentTwice ||= collected.elements.includes(placeholder)
    for (const element of collected.elements) {
      const answer = parseWorkerAnswer(element, ticket)
      if (answer && !(sentTwice && isRepeated(answer, answers))) answers.push({ ...answer, afterMs })
    }
    if (askRegistry) registered = registeredNames(collected.registered, settings, separator)
    if (answers.length >= subscribers) return { answers }
    if (registered && (last || everyoneAnswered(registered, answers))) return { answers, registered }
    await clock.sleep(Math.min(pauseBefore(poll + 1), settings.timeoutMs - asked), signal)
  }
}

/** Workers answer a question as often as it reaches them. Only then: two workers of one name answer once each. */
function isRepeated({ worker, unreadable }: WorkerAnswer, answers: readonly WorkerAnswer[]): boolean {
  return answers.some((other) => other.worker === worker && other.unreadable === unreadable)
}

/** A worker registers before it subscribes: when all who are registered have answered, the rest are strangers. */
function everyoneAnswered(registered: readonly string[], answers: readonly WorkerAnswer[]): boolean {
  const isWhole = registered.length > 0 && registered.length < registrySample
  return isWhole && registered.every((name) => isAnswered(name, answers))
}

/** Milliseconds before the given poll; the first one, 0, does not wait. */
function pauseBefore(poll: number): number {
  return pollPausesMs[Math.min(poll, pollPausesMs.length) - 1] ?? 0
}
