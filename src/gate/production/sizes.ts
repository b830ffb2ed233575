import type { Row, Statement } from '../../clients/interfaces.ts'

/** How large a relation of production is, and who uses it. Bytes, and numbers of rows. */
export interface LiveRelation {
  /** `schema.name`, without quotes. */
  readonly name: string
  /** Estimated by ANALYZE or the statistics; undefined where neither has counted yet. */
  readonly rows: number | undefined
  readonly heapBytes: number
  readonly toastBytes: number
  readonly indexBytes: number
  readonly indexes: number
  /** Reads and writes since the statistics were reset. */
  readonly reads: number
  readonly writes: number
  /** Sessions that hold a lock on it now. */
  readonly holders: number
  /** Of those whose age may be seen: how many hold it in a transaction that is older than 10 s. */
  readonly oldHolders: number
  /** How many of them hide their age from this role. */
  readonly hiddenHolders: number
}

/** For a person who wonders why a size is an estimate. */
export type SizesFrom = 'files' | 'estimates'

/**
 * One read-only query for all of them. `pg_relation_size` waits behind an ACCESS EXCLUSIVE lock: where lock_timeout ends
 * that, the query is asked again with the pages that the last VACUUM or ANALYZE counted. The counters come from the functions
 * that `pg_stat_all_tables` is made of: the view counts every table of the database before it is joined.
 */
export function sizesQuery(names: readonly { schema: string; name: string }[], from: SizesFrom): Statement {
  const size = (relation: string) =>
    from === 'files'
      ? `coalesce(pg_relation_size(${relation}.oid), 0)`
      : `${relation}.relpages::bigint * current_setting('block_size')::bigint`
  return {
    text: `with recursive asked as materialized (
      select c.oid, n.nspname || '.' || c.relname as name from json_array_elements($1::json) j
      join pg_namespace n on n.nspname = j ->> 0 join pg_class c on c.relnamespace = n.oid and c.relname = j ->> 1
    ), tree as (
      select oid as root, oid from asked union all select t.root, i.inhrelid from tree t join pg_inherits i on i.inhparent = t.oid
    ), members as materialized (
      select t.root, c.oid, c.relkind, c.reltuples, c.reltoastrelid, ${size('c')} as heap
      from tree t join pg_class c on c.oid = t.oid where c.relkind in ('r', 'p', 'm', 'f')
    ), indexes as (
      select m.root, count(*) as count, sum(${size('x')}) as bytes, sum(pg_stat_get_numscans(x.oid)) as scans
      from members m join pg_index i on i.indrelid = m.oid join pg_class x on x.oid = i.indexrelid group by 1
    ), toast as (
      select m.root, sum(${size('x')}) as bytes from members m join pg_class x on x.oid = m.reltoastrelid group by 1
    ), heaps as (
      select m.root, sum(m.heap) as bytes,
        sum(case when m.relkind = 'p' then 0 when m.reltuples >= 0 then m.reltuples
          else nullif(pg_stat_get_live_tuples(m.oid), 0) end) as rows,
        bool_or(m.relkind <> 'p' and m.reltuples < 0 and pg_stat_get_live_tuples(m.oid) = 0 and m.heap > 0) as uncounted,
        sum(pg_stat_get_numscans(m.oid)) as reads, sum(pg_stat_get_tuples_inserted(m.oid)
          + pg_stat_get_tuples_updated(m.oid) + pg_stat_get_tuples_deleted(m.oid)) as writes
      from members m group by 1
    ), holders as (
      select t.root, count(distinct l.pid) as count,
        count(distinct l.pid) filter (where now() - a.xact_start > interval '10 seconds') as old,
        count(distinct l.pid) filter (where a.xact_start is null) as hidden
      from tree t join pg_locks l on l.relation = t.oid and l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
        and l.database = (select oid from pg_database where datname = current_database())
      left join pg_stat_activity a on a.pid = l.pid group by 1
    )
    select a.name, case when h.uncounted then null else h.rows end::float8 as rows, h.bytes::float8 as heap,
      t.bytes::float8 as toast, i.bytes::float8 as index_bytes, i.count::int as indexes, (h.reads + coalesce(i.scans, 0))::float8 as reads,
      h.writes::float8 as writes, o.count::int as holders, o.old::int as old, o.hidden::int as hidden
    from asked a left join heaps h on h.root = a.oid left join toast t on t.root = a.oid
    left join indexes i on i.root = a.oid left join holders o on o.root = a.oid`,
    values: [JSON.stringify(names.map(({ schema, name }) => [schema, name]))],
  }
}

export const readSizes = (rows: readonly Row[]): LiveRelation[] =>
  rows.map((row) => ({
    name: String(row['name']),
    rows: row['rows'] == null ? undefined : Number(row['rows']),
    heapBytes: numberOf(row['heap']),
    toastBytes: numberOf(row['toast']),
    indexBytes: numberOf(row['index_bytes']),
    indexes: numberOf(row['indexes']),
    reads: numberOf(row['reads']),
    writes: numberOf(row['writes']),
    holders: numberOf(row['holders']),
    oldHolders: numberOf(row['old']),
    hiddenHolders: numberOf(row['hidden']),
  }))

const numberOf = (value: unknown): number => Number(value ?? 0)
