import type { LockRow, RelationRow } from './queries.ts'

/** An index and its table. */
type IndexRow = Pick<RelationRow, 'oid' | 'table'>

/** Remembers of each relation whether it is an index, and of which table. */
export interface KnownIndexes {
  /** Locked relations that were made since the beginning, and may be indexes. */
  unknown(locks: readonly LockRow[]): string[]
  /** @param oids what was unknown @param indexes which of them are indexes */
  learn(oids: readonly string[], indexes: readonly IndexRow[]): void
  take(rows: readonly IndexRow[]): void
  tableOf(oid: string): string | undefined
  /** Whether it is an index that was there at the beginning. A new one is not used yet. */
  isOld(oid: string): boolean
}

/** @param rows what is there at the beginning */
export function createKnownIndexes(rows: readonly IndexRow[]): KnownIndexes {
  const tables = new Map<string, string | null>()
  const take = (more: readonly IndexRow[]) => {
    for (const { oid, table } of more) tables.set(oid, table)
  }
  take(rows)
  const old = new Set(rows.flatMap(({ oid, table }) => (table === null ? [] : [oid])))
  return {
    unknown: (locks) => [
      ...new Set(locks.flatMap(({ oid, exists }) => (exists && !tables.has(oid) ? [oid] : []))),
    ],
    learn(oids, indexes) {
      for (const oid of oids) tables.set(oid, null)
      take(indexes)
    },
    take,
    tableOf: (oid) => tables.get(oid) ?? undefined,
    isOld: (oid) => old.has(oid),
  }
}
