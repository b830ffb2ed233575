import { changedTables } from './changed-tables.ts'
import type { Effect, Relation } from './effect.ts'
import { createKnownFiles, type FileChanges } from './known-files.ts'
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

/** Tells what each statement did from what the transaction's locks are like before and after it. Asks nothing itself. */
export interface Meter {
  /** What was there at the beginning. */
  readonly relations: readonly Relation[]
  /** What was done since the last call to relations that were there at the beginning; those made since then do not count. */
  observe(rows: readonly LockRow[], statement: { text: string; command: string }): Effect[]
  /** After statements that were not observed: takes the files and counters as they are now. */
  refresh(rows: readonly RelationRow[]): void
  /** The transaction has ended, and its locks with it. */
  release(): void
}

/** @param rows what is there before the first statement */
export function createMeter(rows: readonly RelationRow[]): Meter {
  const relations = new Map(rows.flatMap((row) => toRelation(row) ?? []).map((each) => [each.oid, each]))
  const tableOfIndex = new Map(rows.flatMap(({ oid, table }) => (table === null ? [] : [[oid, table]])))
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
  function tablesOfLockedIndexes(locks: readonly LockRow[]): Set<string | undefined> {
    const locked = locks.filter(
      ({ oid, mode, exists }) => exists && mode === 'AccessExclusiveLock' && tableOfIndex.has(oid),
    )
    const newly = locked.filter(({ oid, mode }) => takeLocks(oid, [mode]).length > 0)
    return new Set(newly.map(({ oid }) => tableOfIndex.get(oid)))
  }

  return {
    relations: [...relations.values()],
    refresh: (now) => known.take(now),
    release: () => held.clear(),
    observe(locks, { text, command }) {
      const named = changedTables(text)
      const withLockedIndex = tablesOfLockedIndexes(locks)
      return [...Map.groupBy(locks, ({ oid }) => oid)].flatMap(([oid, rowsOfOne]) => {
        const [first] = rowsOfOne
        const relation = relations.get(oid)
        if (!first) return []
        // Also of those that do not count: another table may take their indexes over, as that of a partition.
        const changes = known.compare(first)
        if (!relation) return []
        const taken = takeLocks(
          oid,
          rowsOfOne.map(({ mode }) => mode),
        )
        const mayWrite =
          taken.includes('RowExclusiveLock') ||
          (held.get(oid)?.has('RowExclusiveLock') === true && isNamed(relation, named))
        const effect: Effect = {
          relation,
          locks: taken,
          locksIndex: withLockedIndex.has(oid),
          ...workOn(relation, changes, command.startsWith('TRUNCATE')),
          changesRows: mayWrite && holdsRows(relation),
        }
        return isAnything(effect) ? [effect] : []
      })
    },
  }
}

function workOn(
  relation: Relation,
  { hasNewFile, dropped, scanned, newIndexFiles }: FileChanges,
  isTruncate: boolean,
) {
  const emptied = hasNewFile && isTruncate
  return {
    dropped,
    emptied,
    rewritten: hasNewFile && !emptied && holdsRows(relation),
    scanned: scanned && !emptied && holdsRows(relation),
    // An empty index is a file and no work.
    indexesBuilt: emptied ? 0 : newIndexFiles,
  }
}

const holdsRows = ({ kind }: Relation) => kind !== 'sequence' && kind !== 'view'

function toRelation({ oid, schema, name, kind }: RelationRow): Relation | undefined {
  const known = kinds[kind]
  return known && { oid, schema, name, kind: known }
}

const isNamed = ({ schema, name }: Relation, named: ReadonlySet<string>) =>
  named.has(name) || named.has(`${schema}.${name}`)

const isAnything = ({ relation: _, locks, ...rest }: Effect) =>
  locks.length > 0 || Object.values(rest).some(Boolean)
