import { changedTables } from './changed-tables.ts'
import { type Effect, type Relation, relationName } from './effect.ts'
import { createKnownFiles, type FileChanges } from './known-files.ts'
import { createKnownIndexes, type KnownIndexes } from './known-indexes.ts'
import type { LockMode } from './lock-mode.ts'
import type { LockRow, RelationRow } from './queries.ts'

const kinds: Readonly<Record<string, Relation['kind']>> = {
  r: 'table',
  p: 'partitioned table',
  m: 'materialized view',
  S: 'sequence',
  v: 'view',
  f: 'foreign table',
}

/** Finds what each statement did, by what changed about the locks of the transaction. It sends no query itself. */
export interface Meter extends Pick<KnownIndexes, 'unknown' | 'learn'> {
  /** What was there at the beginning. */
  readonly relations: readonly Relation[]
  /** The highest `attnum` that a relation had at the beginning, also of a dropped column. */
  newestColumn(oid: string): number
  /**
   * What was done since the last call to relations that were there at the beginning; those made since then do not count.
   *
   * @param rows the locks that are new, or whose relation is not as it was
   */
  observe(rows: readonly LockRow[], statement: { text: string; command: string }): Effect[]
  /** After statements that were not observed: takes the files and counters as they are now. */
  refresh(rows: readonly RelationRow[]): void
  /** The transaction has ended, its locks with it, and its counters begin at 0 again. */
  release(): void
}

/** @param rows what is there before the first statement */
export function createMeter(rows: readonly RelationRow[]): Meter {
  const relations = new Map(toRelations(rows).map((each) => [each.oid, each]))
  const byName = Map.groupBy(relations.values(), ({ name }) => name)
  const newest = new Map(rows.map(({ oid, newestColumn }) => [oid, newestColumn]))
  const indexes = createKnownIndexes(rows)
  const known = createKnownFiles()
  const held = new Map<string, Set<LockMode>>()
  known.take(rows)

  /** Those that were not held before. */
  function takeLocks(oid: string, modes: readonly LockMode[]): LockMode[] {
    const before = held.get(oid) ?? new Set()
    held.set(oid, new Set([...before, ...modes]))
    return modes.filter((mode) => !before.has(mode))
  }

  /** Every query of a table opens its indexes, so who locks one of them stops the table. */
  function tablesOfLockedIndexes(locks: readonly LockRow[]): Set<string> {
    const locked = locks.filter(
      ({ oid, mode, exists }) => exists && mode === 'AccessExclusiveLock' && indexes.isOld(oid),
    )
    const newly = locked.filter(({ oid, mode }) => takeLocks(oid, [mode]).length > 0)
    return new Set(newly.flatMap(({ oid }) => indexes.tableOf(oid) ?? []))
  }

  /** Also of tables that do not count: another one may take their indexes over, as that of a partition. */
  function countBuilt(locks: readonly LockRow[]): Map<string, number> {
    const built = new Map<string, number>()
    for (const row of locks) {
      const table = row.exists ? indexes.tableOf(row.oid) : undefined
      if (table && known.isBuilt(row)) built.set(table, (built.get(table) ?? 0) + 1)
    }
    return built
  }

  return {
    relations: [...relations.values()],
    newestColumn: (oid) => newest.get(oid) ?? 0,
    unknown: indexes.unknown,
    learn: indexes.learn,
    refresh(now) {
      known.take(now)
      indexes.take(now)
    },
    release() {
      held.clear()
      known.forgetScans()
    },
    observe(locks, { text, command }) {
      const byOid = Map.groupBy(locks, ({ oid }) => oid)
      const named = new Set(relationsNamedIn(text, byName).map(({ oid }) => oid))
      const withLockedIndex = tablesOfLockedIndexes(locks)
      const built = countBuilt(locks)
      const touched = new Set([...byOid.keys(), ...withLockedIndex, ...built.keys(), ...named])
      return [...touched].flatMap((oid): Effect[] => {
        const relation = relations.get(oid)
        if (!relation) return []
        const own = byOid.get(oid) ?? []
        const changes = own[0] ? known.compare(own[0]) : unchanged
        const taken = takeLocks(
          oid,
          own.map(({ mode }) => mode),
        )
        const mayWrite =
          taken.includes('RowExclusiveLock') ||
          (held.get(oid)?.has('RowExclusiveLock') === true && named.has(oid))
        const effect: Effect = {
          relation,
          locks: taken,
          locksIndex: withLockedIndex.has(oid),
          ...workOn(relation, changes, built.get(oid) ?? 0, command.startsWith('TRUNCATE')),
          changesRows: mayWrite && holdsRows(relation),
        }
        return isAnything(effect) ? [effect] : []
      })
    },
  }
}

/** A second statement that changes rows of a table takes no new lock. */
function relationsNamedIn(text: string, byName: ReadonlyMap<string, readonly Relation[]>): Relation[] {
  return [...changedTables(text)].flatMap((name) => {
    const qualified = byName.get(name.slice(name.lastIndexOf('.') + 1)) ?? []
    return [...(byName.get(name) ?? []), ...qualified.filter((relation) => relationName(relation) === name)]
  })
}

const unchanged: FileChanges = { hasNewFile: false, dropped: false, scanned: false }

function workOn(
  relation: Relation,
  { hasNewFile, dropped, scanned }: FileChanges,
  built: number,
  isTruncate: boolean,
) {
  const emptied = hasNewFile && isTruncate
  return {
    dropped,
    emptied,
    rewritten: hasNewFile && !emptied && holdsRows(relation),
    scanned: scanned && !emptied && holdsRows(relation),
    // An empty index is a file and no work.
    indexesBuilt: emptied ? 0 : built,
  }
}

const holdsRows = ({ kind }: Relation) => kind !== 'sequence' && kind !== 'view'

function toRelations(rows: readonly RelationRow[]): Relation[] {
  const byOid = new Map(rows.map((row) => [row.oid, row]))
  return rows.flatMap(({ oid, schema, name, kind, parent }) => {
    const known = kinds[kind]
    const partitionOf = parent === null ? undefined : byOid.get(parent)
    return known ? [{ oid, schema, name, kind: known, ...(partitionOf && { partitionOf }) }] : []
  })
}

const isAnything = ({ relation: _, locks, ...rest }: Effect) =>
  locks.length > 0 || Object.values(rest).some(Boolean)
