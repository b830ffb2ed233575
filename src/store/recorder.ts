import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { Identity } from '../core/report.ts'
import { decodeHistory, encodeHistory } from '../history/encode.ts'
import { type History, observe } from '../history/history.ts'
import { type Observation, toObservation } from '../history/observation.ts'
import type { Asker } from './asker.ts'
import { historyKey, historyText } from './history-text.ts'
import { replace, writeLimitMs } from './replace.ts'
import type { ServerTime } from './server-time.ts'
import { setNew } from './set-new.ts'
import type { Moments } from './snapshot.ts'

/** The last result of a check, as far as this isolate knows it. */
type ResultOf = (check: string) => Result | undefined

/** Whether this isolate is the one that sends the alert of this id now. */
type Claim = (id: string) => Promise<boolean>

/** Says what has changed, and returns what it wants to be kept beside the history; of notify, which knows nothing of stores. */
export type NotifyChanges = (
  history: History,
  kept: unknown,
  service: string,
  now: number,
  resultOf: ResultOf,
  claim: Claim,
) => Promise<{ readonly kept: unknown; readonly isPending: boolean }>

export interface RecorderOptions {
  readonly asker: Asker
  readonly serverTime: ServerTime
  readonly clock: Clock
  /** How far apart two runs are expected to be, in ms. */
  readonly expectedMs: number
  /** Whether a maintenance window is open at this time, in epoch ms. */
  readonly isMaintenance: (now: number) => boolean
  readonly notify?: NotifyChanges | undefined
  readonly resultOf: ResultOf
}

/** Writes what was observed into the history, beside the snapshot. */
export interface Recorder {
  /** What a snapshot says. */
  learn(moments: Moments): void
  moments(): Moments
  /** Keeps results until they are written. */
  wait(identity: Identity, results: readonly Result[]): void
  /**
   * Whether it is this isolate's turn to write; then the others leave it to this one.
   *
   * @param news `changed`: a status or code is another one than before; `new`: of a check nothing was known
   */
  claim(news: 'changed' | 'new' | 'none'): boolean
  /**
   * Costs two commands. Where the store cannot be asked, this isolate alone remembers what it observed and said.
   *
   * @param key the beginning of the key
   */
  write(key: string, service: string): Promise<void>
}

/** While nothing changes the history is written once in this time, in ms. */
const writeEveryMs = 60_000
/** For so long after a change every run is written, in ms: the next one may be the second bad one, of which an alert is made. */
const settlingMs = 45_000
const historyLifeMs = 100 * 86_400_000
const maxWaiting = 100
/** For how long nobody else sends alerts, in ms: longer than a channel may take, and shorter than until the next run. */
const claimLifeMs = 5000

const notifyNobody: NotifyChanges = async (_history, kept) => ({ kept, isPending: false })

export function createRecorder(options: RecorderOptions): Recorder {
  const { asker, serverTime, clock, expectedMs, isMaintenance, notify = notifyNobody, resultOf } = options
  let historyAt = 0
  let changedAt = 0
  let isPending = false
  let waiting: Observation[] = []
  /** As this isolate has seen it last, for the time in which the store cannot be asked. */
  let alone = nothing
  /** @param text what the store has; where that is not known, what this isolate remembers is gone on with */
  const add = async (
    observations: readonly Observation[],
    text: string | undefined,
    { service, claim }: { readonly service: string; readonly claim: Claim },
  ) => {
    const known = text === undefined ? alone : keptIn(text, asker)
    const now = serverTime.toServerMs(clock.now())
    const history = observe(known.history, observations, now, expectedMs)
    const { kept: rest, isPending } = await notify(history, known.rest, service, now, resultOf, claim)
    alone = { history, rest }
    return { history, rest, isPending }
  }
  const encode = ({ history, rest }: Kept) => encodeHistory(history, expectedMs, rest)
  return {
    learn(moments) {
      historyAt = Math.max(historyAt, moments.historyAt)
      changedAt = Math.max(changedAt, moments.changedAt)
    },
    moments: () => ({ historyAt, changedAt }),
    wait({ release }, results) {
      const maintenance = isMaintenance(clock.now())
      const more = results.map((result) =>
        toObservation(serverTime.toServer(result), { release, isMaintenance: maintenance }),
      )
      waiting = [...waiting, ...more].slice(-maxWaiting)
    },
    claim(news) {
      const now = clock.now()
      if (news === 'changed') changedAt = now
      // After the clock was set back, nothing would be written for as long as the clock was wrong.
      const isRecent = (at: number, ms: number) => now >= at && now - at < ms
      const isDue = !isRecent(historyAt, writeEveryMs) || isRecent(changedAt, settlingMs)
      if (news === 'none' && !isPending && !isDue) return false
      historyAt = now
      return true
    },
    async write(prefix, service) {
      const taken = waiting
      waiting = []
      isPending = true
      // By a clock that is far off, what others observed would be of the future, or too old to be kept.
      const expected = serverTime.isFar() ? undefined : await historyText(asker, prefix, writeLimitMs)
      const sending = { service, claim: createClaim(asker, `${prefix}:alerting`) }
      let state = await add(taken, expected, sending)
      const isWritten =
        expected !== undefined &&
        (await replace(asker, {
          ...{ key: historyKey(prefix), expected, px: historyLifeMs },
          value: encode(state),
          async merge(replaced) {
            // Merged with what is gone or cannot be read, all before our latest results would be lost.
            if (!decodeHistory(replaced)) return encode(state)
            state = await add(latestIn(state.history), replaced, sending)
            return encode(state)
          },
        })) !== undefined
      if (!isWritten) waiting = [...taken, ...waiting]
      isPending = !isWritten || state.isPending
    },
  }
}

/** Whether this run is the first of several that see the same; asked once. Each of them is where the store cannot be asked. */
function createClaim(asker: Asker, key: string): Claim {
  let claimed: Promise<boolean> | undefined
  const tried = new Set<string>()
  const ask = async () =>
    (await asker.try(writeLimitMs, (client) => setNew(client, key, '1', claimLifeMs))) !== false
  return async (id) => {
    // A channel that has not taken it gets it at the next run, and not once more for each other run that writes now.
    if (tried.has(id)) return false
    tried.add(id)
    claimed ??= ask()
    return claimed
  }
}

const latestIn = (history: History) => [...history.values()].flatMap(({ latest }) => latest)

/** A history, and what is kept beside it. */
interface Kept {
  readonly history: History
  readonly rest: unknown
}

const nothing: Kept = { history: new Map(), rest: null }

function keptIn(text: string, { availability }: Asker): Kept {
  if (text === '') return nothing
  const decoded = decodeHistory(text)
  if (!decoded) availability.distrusted('the history is of another version or form; a new one is begun')
  return decoded ?? nothing
}
