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
import { replyReader } from './replies.ts'
import type { Requests } from './requests.ts'
import { nextLookMs } from './schedule.ts'
import { type Opened, open, registrySample, type ScriptRunner } from './scripts.ts'
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
  /** Answers came that were not read: there were more than one run may read. */
  readonly hasUnread?: true
  /** Nothing was bound: the workers were asked to push their answers to a list directly. */
  readonly isUnbound?: true
  /** Answers were in the list of another priority step than expected. */
  readonly isOtherStep?: true
}

/** `afterMs`: milliseconds from the publish's answer until this one was seen. */
export type TimedAnswer = WorkerAnswer & { readonly afterMs: number }

export type InspectSettings = Pick<
  CelerySettings,
  | 'keyPrefix'
  | 'controlExchange'
  | 'database'
  | 'separator'
  | 'prioritySteps'
  | 'timeoutMs'
  | 'expectedWorkers'
>

/** A replicated database may count the subscribers of one node only, so only a second look that finds none is believed. */
const secondOpenAfterMs = 300
/** How often the separator is taken from the registry in one run; one that changes again is not trusted. */
const maxSeparatorChanges = 2
/** When enough have answered and somebody has not, it may be a stranger: after this long the registry is asked. */
const registryAfterMs = 100

/**
 * Asks all workers for their queues, as `celery inspect active_queues` does, without a connection that stays.
 * Healthy: two round trips, 9 billed commands (and 2 of each answering worker).
 *
 * @param requests how many scripts this and what follows may send
 * @param reserved how many of them are left for what follows
 */
export async function inspectWorkers(
  requests: Requests,
  settings: InspectSettings,
  clock: Clock,
  signal: AbortSignal,
  reserved = 0,
): Promise<Inspection> {
  const request = await publish(requests, settings, clock, signal)
  const { subscribers, separator, way } = request
  const seen = { subscribers, ...(separator && { separator }) }
  if (subscribers === 0) return { ...seen, answers: [] }
  return {
    ...seen,
    ...(way === 'direct' && { isUnbound: true }),
    ...(await gather(requests, settings, { ...request, reserved }, clock, signal)),
  }
}

type PublishedRequest = Opened & { readonly ticket: string }

/**
 * One round trip where somebody is subscribed and the separator is as expected. At most two looks, and as many more
 * trips as the separator may change; then nothing is bound.
 */
async function publish(
  requests: Requests,
  settings: InspectSettings,
  clock: Clock,
  signal: AbortSignal,
): Promise<PublishedRequest> {
  let separator: string | undefined = settings.separator ?? defaultSeparator
  let isSecondLook = false
  for (let changes = 0; ; ) {
    const opened = await requests.send((redis) => publishBy(separator, redis, settings, clock))
    if (opened.way === 'other') {
      changes += 1
      separator = changes < maxSeparatorChanges ? opened.separator : undefined
    } else {
      if (opened.subscribers > 0 || isSecondLook) return opened
      isSecondLook = true
      await clock.sleep(secondOpenAfterMs, signal)
    }
  }
}

async function publishBy(
  separator: string | undefined,
  redis: ScriptRunner,
  settings: InspectSettings,
  clock: Clock,
): Promise<PublishedRequest> {
  const ticket = crypto.randomUUID()
  const naming = { ...settings, ...(separator !== undefined && { separator }) }
  const bound = replyRoute(naming, crypto.randomUUID(), clock.now())
  const direct = directRoute(naming, clock.now())
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

/** Reads answers until all have come, or none of the missing is a worker, or the time or the requests are used up. */
async function gather(
  requests: Requests,
  { timeoutMs, expectedWorkers, ...naming }: InspectSettings,
  { subscribers, ticket, separator, reserved, ...lists }: PublishedRequest & { reserved: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<Pick<Inspection, 'answers' | 'registered' | 'hasUnread' | 'isOtherStep'>> {
  const publishedAt = clock.monotonic()
  const elapsed = () => clock.monotonic() - publishedAt
  const read = replyReader({ ...lists, registry: registrySet(naming) })
  const answers: TimedAnswer[] = []
  let registered: string[] | undefined
  for (;;) {
    const asked = elapsed()
    const last = asked >= timeoutMs || requests.left - reserved <= 1
    const enough = answers.length >= expectedWorkers
    const askRegistry = !registered && (last || (enough && asked >= registryAfterMs))
    const askOtherSteps = last && answers.length === 0
    const replies = await requests.send((redis) => read(redis, { askRegistry, askOtherSteps }))
    const afterMs = Math.round(elapsed())
    for (const element of replies.elements) {
      const answer = parseWorkerAnswer(element, ticket)
      if (answer) answers.push({ ...answer, afterMs })
    }
    if (askRegistry) registered = registeredNames(replies.registered, naming, separator)
    const found = { answers, ...(replies.isOtherStep && { isOtherStep: replies.isOtherStep }) }
    if (answers.length >= subscribers) return found
    if (last && registered) return { ...found, registered, ...(replies.hasMore && { hasUnread: true }) }
    if (replies.hasMore) continue
    if (registered && everyoneAnswered(registered, answers)) return { answers, registered }
    const [looksLeft, missing] = [requests.left - reserved, subscribers - answers.length]
    await clock.sleep(
      Math.max(0, nextLookMs(elapsed(), { looksLeft, timeoutMs, missing }) - elapsed()),
      signal,
    )
  }
}

/** A worker registers before it subscribes: when all who are registered have answered, the rest are strangers. */
function everyoneAnswered(registered: readonly string[], answers: readonly WorkerAnswer[]): boolean {
  const isWhole = registered.length > 0 && registered.length < registrySample
  return isWhole && registered.every((name) => isAnswered(name, answers))
}
