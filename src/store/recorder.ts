import type { Result } from '../core/check.ts'
import type { Clock } from '../core/clock.ts'
import type { Identity } from '../core/report.ts'
import { decodeHistory, encodeHistory, maxHistoryBytes } from '../history/encode.ts'
import { type History, observe } from '../history/history.ts'
import { type Observation, toObservation } from '../history/observation.ts'
import type { Asker } from './asker.ts'
import type { ServerTime } from './server-time.ts'

export interface RecorderOptions {
  readonly asker: Asker
  readonly serverTime: ServerTime
  readonly clock: Clock
  /** How far apart two runs are expected to be, in ms. */
  readonly expectedMs: number
  /** Whether a maintenance window is open at this time, in epoch ms. */
  readonly isMaintenance: (now: number) => boolean
}

/** Writes what was observed into the history, beside the snapshot. */
export interface Recorder {
  /** When any isolate wrote the history last, as a snapshot says it; epoch ms. */
  heard(writtenAt: number): void
  writtenAt(): number
  /** Keeps results until they are written. */
  wait(identity: Identity, results: readonly Result[]): void
  /** Whether it is this isolate's turn to write; then the others leave it to this one. */
  claim(isChanged: boolean): boolean
  /** Costs two commands. @param key the beginning of the key */
  write(key: string): Promise<void>
}

/** While nothing changes the history is written once in this time, in ms. */
const writeEveryMs = 60_000
const historyLifeMs = 100 * 86_400_000
const limitMs = 500
const maxWaiting = 100

export function createRecorder(options: RecorderOptions): Recorder {
  const { asker, serverTime, clock, expectedMs, isMaintenance } = options
  let writtenAt = 0
  let isPending = false
  let waiting: Observation[] = []
  return {
    heard(at) {
      writtenAt = Math.max(writtenAt, at)
    },
    writtenAt: () => writtenAt,
    wait({ release }, results) {
      const maintenance = isMaintenance(clock.now())
      const more = results.map((result) =>
        toObservation(serverTime.toServer(result), { release, isMaintenance: maintenance }),
      )
      waiting = [...waiting, ...more].slice(-maxWaiting)
    },
    claim(isChanged) {
      const ageMs = clock.now() - writtenAt
      // After the clock was set back, nothing would be written for as long as the clock was wrong.
      if (!isChanged && !isPending && ageMs >= 0 && ageMs < writeEveryMs) return false
      writtenAt = clock.now()
      return true
    },
    async write(prefix) {
      const key = `${prefix}:history`
      const taken = waiting
      waiting = []
      isPending = true
      const text = await asker.try(limitMs, (client) => client.getrange(key, 0, maxHistoryBytes))
      if (text !== undefined) {
        const now = serverTime.toServerMs(clock.now())
        const history = observe(historyIn(text, asker), taken, now, expectedMs)
        const value = encodeHistory(history, expectedMs)
        const reply = await asker.try(limitMs, (client) => client.set(key, value, { px: historyLifeMs }))
        isPending = reply === undefined
      }
      if (isPending) waiting = [...taken, ...waiting].slice(-maxWaiting)
    },
  }
}

function historyIn(text: string, { availability }: Asker): History {
  if (text === '') return new Map()
  const decoded = decodeHistory(text)
  if (!decoded) availability.distrusted('the history is of another version or form; a new one is begun')
  return decoded?.history ?? new Map()
}
