import type { LockMode } from './lock-mode.ts'

/** What is there before the first pending statement. */
export interface Relation {
  readonly oid: string
  /** Without quotes. */
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'partitioned table' | 'materialized view' | 'sequence' | 'view' | 'foreign table'
  /** Of a partition: the table that it is one of. */
  readonly partitionOf?: Pick<Relation, 'schema' | 'name'>
}

/** What one statement does to one relation that existed before. */
export interface Effect {
  readonly relation: Relation
  /** Modes that the transaction did not hold before; they stay until its end. */
  readonly locks: readonly LockMode[]
  /** Whether one of its indexes is locked in ACCESS EXCLUSIVE: every query of the table opens all of its indexes. */
  readonly locksIndex: boolean
  readonly dropped: boolean
  /** Every row is written into a new file. */
  readonly rewritten: boolean
  /** TRUNCATE: it has a new file, and nothing is written into it. */
  readonly emptied: boolean
  /** Every row is read. */
  readonly scanned: boolean
  /** How many of its indexes are built. One that keeps its file under another oid is not. */
  readonly indexesBuilt: number
  /** It may write rows. How many is not known from an empty table. */
  readonly changesRows: boolean
}

/** Of a relation to which nothing is done. */
export const noEffect = (relation: Relation): Effect => ({
  relation,
  locks: [],
  locksIndex: false,
  dropped: false,
  emptied: false,
  rewritten: false,
  scanned: false,
  indexesBuilt: 0,
  changesRows: false,
})

/** What a statement does that changes rows and nothing else. */
export const rowsChanged = (relation: Relation): Effect => ({
  ...noEffect(relation),
  locks: ['RowExclusiveLock'],
  changesRows: true,
})

/** `schema.name` of a relation, as findings show it. */
export const relationName = ({ schema, name }: Pick<Relation, 'schema' | 'name'>): string =>
  `${schema}.${name}`
