import { basename, dirname } from 'node:path'
import { answerParent, importFile } from '../project/child.ts'
import type { Entity } from './compare-entities.ts'
import type { DrizzleKit } from './find-drizzle-kit.ts'
import { readSnapshot, type Snapshot } from './snapshots.ts'

/** drizzle-kit 0.31, `drizzle-kit/api`. */
interface Kit031 {
  generateDrizzleJson(models: object, previous: undefined, schemaFilter: undefined, casing?: string): Snapshot
  upPgSnapshot?(snapshot: Snapshot): Snapshot
}

/** A full state of drizzle-kit 1.0. */
interface State {
  readonly ddl: readonly Entity[]
}

/** drizzle-kit 1.0, `drizzle-kit/api-postgres`. */
interface Kit1 {
  generateDrizzleJson(models: object): Promise<State>
  /** Of a snapshot that holds everything: up to version 8. */
  up(snapshot: Snapshot): { readonly snapshot: State }
  /** Of version 9, whose snapshots hold changes: the state at one of them. */
  reconstruct(snapshots: Readonly<Record<string, Snapshot>>, id: string): Promise<State>
}

export interface ModelsInput extends DrizzleKit {
  readonly files: readonly string[]
  readonly casing: string | undefined
  /** Paths of the snapshots, the oldest first: their texts are too long for an argument. */
  readonly snapshots: readonly string[]
}

/** The models as a snapshot, and what the migrations have, in the same version. */
export type ModelsAndSnapshots =
  | { readonly generation: '0.31'; readonly models: Snapshot; readonly snapshot: Snapshot }
  | {
      readonly generation: '1.0'
      readonly models: readonly Entity[]
      readonly states: readonly (readonly Entity[])[]
    }

/** What several files export is one model, as in drizzle-kit. */
await answerParent(async (input: ModelsInput): Promise<ModelsAndSnapshots> => {
  const exported = new Set<unknown>()
  for (const file of input.files)
    for (const value of Object.values(await importFile(file))) exported.add(value)
  const models = { ...[...exported] }
  const kit: unknown = await importFile(input.api)
  const snapshots = new Map(input.snapshots.map((path) => [basename(dirname(path)), readSnapshot(path)]))
  return input.generation === '1.0'
    ? compareOn1(kit as Kit1, models, snapshots)
    : compareOn031(kit as Kit031, models, input.casing, [...snapshots.values()])
})

function compareOn031(
  kit: Kit031,
  models: object,
  casing: string | undefined,
  snapshots: readonly Snapshot[],
): ModelsAndSnapshots {
  const known = snapshots.at(-1) ?? {}
  return {
    generation: '0.31',
    models: kit.generateDrizzleJson(models, undefined, undefined, casing),
    snapshot: kit.upPgSnapshot?.(known) ?? known,
  }
}

async function compareOn1(
  kit: Kit1,
  models: object,
  snapshots: ReadonlyMap<string, Snapshot>,
): Promise<ModelsAndSnapshots> {
  const { ddl } = await kit.generateDrizzleJson(models)
  const all = Object.fromEntries(snapshots)
  const states: (readonly Entity[])[] = []
  for (const snapshot of leaves([...snapshots.values()])) {
    const isWhole = Number(snapshot['version']) < 9
    const state = isWhole ? kit.up(snapshot).snapshot : await kit.reconstruct(all, String(snapshot['id']))
    states.push(state.ddl)
  }
  return { generation: '1.0', models: ddl, states }
}

/** The snapshots that no other one follows: several while branches of the repository are not merged. */
function leaves(snapshots: readonly Snapshot[]): Snapshot[] {
  const parents = new Set(
    snapshots.flatMap(({ prevIds, prevId }) => (Array.isArray(prevIds) ? prevIds : [prevId])),
  )
  const last = snapshots.filter(({ id }) => !parents.has(id))
  // Snapshots without ids know no order but that of their names.
  return last.length > 0 ? last : snapshots.slice(-1)
}
