import type { Row } from '../../clients/interfaces.ts'
import { firstUserOid } from '../../compile/replay/first-user-oid.ts'
import { type LockMode, toLockMode } from './lock-mode.ts'

/** One relation of the database, as `pg_class` has it. */
export interface RelationRow {
  readonly oid: string
  readonly schema: string
  readonly name: string
  /** `relkind`: r table, p partitioned table, i and I index, t TOAST, m materialized view, S sequence, v view, f foreign table. */
  readonly kind: string
  /** The file that holds it; null where it has none. A relation that is rewritten gets another one. */
  readonly filenode: string | null
  /** Sequential scans that the open transaction began, with leftovers of the session's earlier ones. */
  readonly scans: number
  /** The highest `attnum` so far, also of a dropped column. */
  readonly newestColumn: number
  /** Of an index: its table. */
  readonly table: string | null
  /** Of a partition: the table that it is one of. */
  readonly parent: string | null
}

/**
 * All relations, asked for once: statements are measured against them. It is one text, because the embedded Postgres is slow at
 * returning rows.
 */
export const relationsQuery = `
select coalesce(json_agg(r), '[]')::text as relations from (
  select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind::text as kind,
    pg_relation_filenode(c.oid)::text as filenode, coalesce(pg_stat_get_xact_numscans(c.oid), 0)::int as scans,
    c.relnatts::int as natts, i.indrelid::text as "table", h.inhparent::text as parent
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indexrelid = c.oid
  left join pg_inherits h on h.inhrelid = c.oid and c.relispartition
  where c.oid >= ${firstUserOid} and c.relkind in ('r', 'p', 'i', 'I', 't', 'm', 'S', 'v', 'f')
) r`

/** One lock that the open transaction holds, with what its relation is like now. */
export interface LockRow {
  readonly oid: string
  readonly mode: LockMode
  /** False when the relation was dropped. */
  readonly exists: boolean
  readonly filenode: string | null
  readonly scans: number
}

/**
 * The locks of the session's own transaction, asked after each statement. What a statement reads, rewrites or indexes it
 * also locks, and the locks stay until the end of the transaction, so nothing else has to be looked at. A long transaction
 * holds hundreds of locks, so each is one text of words, with `-` for null. The state of its relation comes from functions that
 * use Postgres's own cache of `pg_class`, which is several times faster than a join. For a relation that was dropped,
 * `pg_table_is_visible` is null.
 */
export const locksQuery = `
select string_agg(concat_ws(' ', l.relation, l.mode, pg_table_is_visible(l.relation) is not null,
  coalesce(pg_relation_filenode(l.relation)::text, '-'), coalesce(pg_stat_get_xact_numscans(l.relation), 0)), ';') as locks
from pg_locks l
where l.locktype = 'relation' and l.pid = pg_backend_pid() and l.relation >= ${firstUserOid}`

/**
 * Ends a transaction, and its counters begin at 0 again: Postgres writes them into the statistics at once, and not up to a second
 * later (https://www.postgresql.org/docs/current/monitoring-stats.html, since Postgres 15).
 */
export const commitQuery = 'select pg_stat_force_next_flush(); commit'

/** Which of the relations `$1` are indexes, and of which tables: `16400 16390` and so on. */
export const indexesQuery = `
select string_agg(concat_ws(' ', i.indexrelid, i.indrelid), ';') as indexes from pg_index i where i.indexrelid = any($1::oid[])`

/** Reads the answer to {@link relationsQuery}. */
export function toRelationRows([row]: readonly Row[]): RelationRow[] {
  const relations: Row[] = JSON.parse(String(row?.['relations'] ?? '[]'))
  return relations.map(({ oid, schema, name, kind, filenode, scans, natts, table, parent }) => ({
    oid: String(oid),
    schema: String(schema),
    name: String(name),
    kind: String(kind),
    filenode: textOrNull(filenode),
    scans: Number(scans),
    newestColumn: Number(natts),
    table: textOrNull(table),
    parent: textOrNull(parent),
  }))
}

/** The locks in the answer to {@link locksQuery}, each as its text. */
export const toLockTexts = (row: Row | undefined): string[] => textsIn(row?.['locks'])

export function toLockRow(text: string): LockRow {
  const [oid = '', mode = '', exists, filenode = '-', scans] = text.split(' ')
  return {
    oid,
    mode: toLockMode(mode),
    exists: exists === 't',
    filenode: filenode === '-' ? null : filenode,
    scans: Number(scans),
  }
}

/** Reads the answer to {@link indexesQuery}. */
export const toIndexRows = (row: Row | undefined): Pick<RelationRow, 'oid' | 'table'>[] =>
  textsIn(row?.['indexes']).map((text) => {
    const [oid = '', table = ''] = text.split(' ')
    return { oid, table }
  })

const textsIn = (cell: unknown): string[] =>
  String(cell ?? '')
    .split(';')
    .filter(Boolean)

const textOrNull = (value: unknown): string | null => (value == null ? null : String(value))
