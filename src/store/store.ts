import type { CacheRequest } from '../core/cache/cache.ts'
import type { SharedResults } from '../core/cache/shared-results.ts'
import type { Result } from '../core/check.ts'
import { type Identity, serviceOf } from '../core/report.ts'
import { decodeHistory } from '../history/encode.ts'
import { type History, type KnownHistory, observe } from '../history/history.ts'
import { toObservation } from '../history/observation.ts'
import { type Asker, type AskerOptions, createAsker } from './asker.ts'
import { createHistoryReader } from './history-reader.ts'
import { historyText } from './history-text.ts'
import { createKnownResults } from './known-results.ts'
import { createRecorder, type RecorderOptions } from './recorder.ts'
import { writeLimitMs } from './replace.ts'
import { createServerTime } from './server-time.ts'
import { setNew } from './set-new.ts'
import { createSharedSnapshot } from './shared-snapshot.ts'
import { digest } from './signature.ts'
import { maxSnapshotBytes, type SnapshotSeal } from './snapshot.ts'

interface StoreOptions
  extends AskerOptions,
    Pick<RecorderOptions, 'isMaintenance' | 'expectedMs' | 'notify'> {
  /** The beginning of every key [key=edge-health:<service>] */
  readonly key: string | undefined
  /** Signs what is shared. */
  readonly token: string | undefined
  /** Describes what is asked and where, without a secret; called once. */
  readonly configuration: () => string
  /** Every check, in the order of the answer. */
  readonly checkers: readonly string[]
}

type StoreRequest = CacheRequest & Identity

export interface Store extends SharedResults<StoreRequest> {
  /** The history with these results, whether they are in it or not; nothing is written. Costs one command; undefined when it cannot be read. */
  observed(identity: Identity, results: readonly Result[], limitMs: number): Promise<History | undefined>
  /** What is known of the past; what was read last, or undefined, when it cannot be read. Costs one command a minute in each isolate. */
  history(identity: Identity, limitMs: number): Promise<KnownHistory | undefined>
}

/** The service as a part of a key. */
const serviceInKey = (hostname: string): string =>
  serviceOf(hostname)
    .replaceAll(/[^\w.-]/g, '_')
    .slice(0, 100)

/**
 * The results in Redis that all isolates share. A run costs three commands, GETRANGE, SET NX and SET; an answer from the
 * snapshot costs the first of them. `?fresh` costs the last one, and the first one where nothing was asked before. Where another
 * run has written since the snapshot was read, the last one is sent twice.
 */
export function createStore(options: StoreOptions): Store {
  const { checkers } = options
  const serverTime = createServerTime(options.clock)
  const asker = createAsker(options, serverTime.observe)
  const sealOf = createSeal(options)
  const readHistory = createHistoryReader(asker, options.clock.now, options.expectedMs)
  /** A write takes over what it did not run. */
  const known = createKnownResults(options.clock, serverTime)
  const recorder = createRecorder({ ...options, asker, serverTime, resultOf: known.of })
  const snapshot = createSharedSnapshot({ asker, serverTime, known, recorder, checkers })
  const readBy =
    (ask: Asker['ask']): Store['read'] =>
    async (request, limitMs) => {
      const seal = await sealOf(request)
      const text = await ask(limitMs, (client) => client.getrange(seal.key, 0, maxSnapshotBytes))
      if (text === undefined) return undefined
      if (serverTime.isFar()) {
        asker.availability.distrusted('the clocks of Redis and of this isolate are more than a minute apart')
        return undefined
      }
      const results = await snapshot.takeOver(text, seal)
      return new Map(results.map((result) => [result.checker, result]))
    }
  return {
    async observed(identity, results, limitMs) {
      const text = await historyText(asker, keyOf(options, identity), limitMs)
      const history = text === undefined ? undefined : decodeHistory(text)?.history
      if (!history || serverTime.isFar()) return undefined
      const observations = results.map((result) => toObservation(serverTime.toServer(result), {}))
      return observe(history, observations, serverTime.toServerMs(options.clock.now()), options.expectedMs)
    },
    history: (identity, limitMs) => readHistory(keyOf(options, identity), limitMs),
    read: readBy(asker.ask),
    readKnown: readBy(asker.try),
    async takeLease(request, names, lifeMs, limitMs) {
      const isAll = names.length === checkers.length
      // Runs of other checks do not wait for each other.
      const key = `${keyOf(options, request)}:lease${isAll ? '' : `:${names.toSorted().join(',')}`}`
      // What the look has left over is little where Redis is far away.
      return asker.askInRest(limitMs, (client) => setNew(client, key, request.hostname, Math.ceil(lifeMs)))
    },
    async write(request, results) {
      const seal = await sealOf(request)
      const whole = results.filter(({ isCutShort }) => !isCutShort)
      // Without a read before it, as with ?fresh, the times would be those of a clock that may be wrong.
      if (whole.length > 0 && !serverTime.isAsked()) await readBy(asker.try)(request, writeLimitMs)
      const news = newsIn(whole, known.of)
      known.keep(whole)
      recorder.wait(request, whole)
      const isDue = recorder.claim(news)
      const [key, service] = [keyOf(options, request), serviceInKey(request.hostname)]
      const isShared = whole.length > 0 && serverTime.isAsked() && !serverTime.isFar()
      if (isShared && asker.availability.mayTry()) await snapshot.write(seal)
      // Also while the store is away: an alert must not wait for the server that has failed.
      if (isDue) await recorder.write(key, service)
    },
  }
}

function newsIn(
  results: readonly Result[],
  known: (check: string) => Result | undefined,
): 'changed' | 'new' | 'none' {
  const isChanged = ({ checker, status, code }: Result) => {
    const last = known(checker)
    return last !== undefined && (last.status !== status || last.code !== code)
  }
  if (results.some(isChanged)) return 'changed'
  return results.some(({ checker }) => known(checker) === undefined) ? 'new' : 'none'
}

const keyOf = ({ key }: StoreOptions, { hostname }: Identity): string =>
  key ?? `edge-health:${serviceInKey(hostname)}`

function createSeal(options: StoreOptions): (request: Identity) => Promise<SnapshotSeal> {
  // A settled value: on Workers the promise of another request must not be awaited.
  let configuration: string | undefined
  return async (request) => {
    configuration ??= (await digest(options.configuration())).slice(0, 16)
    return { key: `${keyOf(options, request)}:snapshot`, token: options.token, configuration }
  }
}
