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
  /** Of an index: its table. */
  readonly table: string | null
}

/**
 * Everything that is there, asked once; statements are measured against it. One text: the embedded Postgres hands rows over
 * slowly.
 */
export const relationsQuery = `
select coalesce(json_agg(r), '[]')::text as relations from (
  select c.oid::text as oid, n.nspname as schema, c.relname as name, c.relkind::text as kind,
    pg_relation_filenode(c.oid)::text as filenode, coalesce(pg_stat_get_xact_numscans(c.oid), 0)::int as scans,
    i.indrelid::text as "table"
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_index i on i.indexrelid = c.oid
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
  /** The files of its indexes. */
  readonly indexFiles: readonly string[]
}

/**
 * The locks of the session's own transaction, asked after each statement. What a statement reads, rewrites or indexes it
 * also locks, and the locks stay until the end of the transaction, so nothing else has to be looked at. Each is a text of
 * words, `-` for none: a long transaction holds hundreds of locks, and this is the cheapest way to hand them over.
 */
export const locksQuery = `
select string_agg(concat_ws(' ', l.relation, l.mode, c.oid is not null, coalesce(nullif(c.relfilenode, 0)::text, '-'),
  coalesce(pg_stat_get_xact_numscans(l.relation), 0),
  case when c.relhasindex
    then (select string_agg(pg_relation_filenode(i.indexrelid)::text, ' ') from pg_index i where i.indrelid = l.relation) end
), ';') as locks
from pg_locks l left join pg_class c on c.oid = l.relation
where l.locktype = 'relation' and l.pid = pg_backend_pid() and l.relation >= ${firstUserOid}`

/** Reads the answer to {@link relationsQuery}. */
export function toRelationRows([row]: readonly Row[]): RelationRow[] {
  const relations: Row[] = JSON.parse(String(row?.['relations'] ?? '[]'))
  return relations.map(({ oid, schema, name, kind, filenode, scans, table }) => ({
    oid: String(oid),
    schema: String(schema),
    name: String(name),
    kind: String(kind),
    filenode: textOrNull(filenode),
    scans: Number(scans),
    table: textOrNull(table),
  }))
}

/** Reads the answer to {@link locksQuery}. */
export const toLockRows = ([row]: readonly Row[]): LockRow[] =>
  String(row?.['locks'] ?? '')
    .split(';')
    .filter(Boolean)
    .map(toLockRow)

function toLockRow(words: string): LockRow {
  const [oid = '', mode = '', exists, filenode = '-', scans, ...indexFiles] = words.split(' ')
  return {
    oid,
    mode: toLockMode(mode),
    exists: exists === 't',
    filenode: filenode === '-' ? null : filenode,
    scans: Number(scans),
    indexFiles,
  }
}

const textOrNull = (value: unknown): string | null => (value == null ? null : String(value))
