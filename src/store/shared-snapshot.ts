import type { Result } from '../core/check.ts'
import type { Asker } from './asker.ts'
import type { KnownResults } from './known-results.ts'
import type { Recorder } from './recorder.ts'
import { replace } from './replace.ts'
import type { ServerTime } from './server-time.ts'
import { decodeSnapshot, encodeSnapshot, type SnapshotSeal } from './snapshot.ts'

interface SharedSnapshotOptions {
  readonly asker: Asker
  readonly serverTime: ServerTime
  readonly known: KnownResults
  readonly recorder: Recorder
  /** Every check, in the order of the answer. */
  readonly checkers: readonly string[]
}

/** The snapshot and what this isolate knows, each of which takes over what is newer in the other one. */
interface SharedSnapshot {
  /** @returns the results in a snapshot that was read, with our times; none where it is not believed */
  takeOver(text: string, seal: SnapshotSeal): Promise<readonly Result[]>
  /** Writes what is known, and once more where that has taken the place of what another run has written since. */
  write(seal: SnapshotSeal): Promise<void>
}

const snapshotLifeMs = 86_400_000

export function createSharedSnapshot(options: SharedSnapshotOptions): SharedSnapshot {
  const { asker, serverTime, known, recorder, checkers } = options
  /** The snapshot as it was read or written last: in the same one there is nothing new. */
  let seen = ''
  const takeOver: SharedSnapshot['takeOver'] = async (text, seal) => {
    const snapshot = await decodeSnapshot(text, seal)
    if (snapshot.kind === 'forged') asker.availability.distrusted(snapshot.reason)
    const results = snapshot.kind === 'results' ? snapshot.results.map(serverTime.fromServer) : []
    known.keep(results)
    if (snapshot.kind === 'results') recorder.learn(serverTime.fromServerMoments(snapshot.moments))
    seen = text
    return results
  }
  const encodeKnown = (seal: SnapshotSeal) => {
    const all = known.past(checkers).map(serverTime.toServer)
    return encodeSnapshot(all, seal, serverTime.toServerMoments(recorder.moments()))
  }
  return {
    takeOver,
    async write(seal) {
      const written = await replace(asker, {
        ...{ key: seal.key, expected: seen, px: snapshotLifeMs },
        value: await encodeKnown(seal),
        async merge(replaced) {
          await takeOver(replaced, seal)
          return encodeKnown(seal)
        },
      })
      seen = written ?? seen
    },
  }
}
