/**
 * A number that changes whenever the definition of anything changes, for the price of reading the catalogs: no
 * deparsing, no locks. Every change of a definition writes a new row version, whose xmin is the transaction that did.
 *
 * It is a key for what was found out about this database, never an expectation: a restored database has another.
 * The server's start belongs to it, because a database that was reset to an earlier point counts the same
 * transactions again, and that restarts it. Changed by GRANT and TRUNCATE too, which costs one slow run; not by
 * VACUUM, ANALYZE or writes.
 */

const keyed = (catalog: string, key: string, join: string) => `
  select sum(hashtextextended(concat_ws(' ', '${catalog}', ${key}, x.xmin), 0)) from ${catalog} x ${join}`

const inSchema = (column: string) => `where x.${column} in (select oid from schemas)`
const onRelation = (column: string) => `where x.${column} in (select oid from relations)`

const catalogs = [
  keyed('pg_namespace', 'x.oid', inSchema('oid')),
  keyed('pg_extension', 'x.oid', ''),
  keyed('pg_class', 'x.oid', inSchema('relnamespace')),
  keyed('pg_type', 'x.oid', inSchema('typnamespace')),
  keyed('pg_proc', 'x.oid', inSchema('pronamespace')),
  keyed('pg_collation', 'x.oid', inSchema('collnamespace')),
  keyed('pg_constraint', 'x.oid', inSchema('connamespace')),
  keyed('pg_statistic_ext', 'x.oid', inSchema('stxnamespace')),
  keyed(
    'pg_enum',
    'x.oid',
    'where x.enumtypid in (select oid from pg_type where typnamespace in (select oid from schemas))',
  ),
  keyed('pg_attribute', 'x.attrelid, x.attnum', `${onRelation('attrelid')} and x.attnum > 0`),
  keyed('pg_attrdef', 'x.oid', onRelation('adrelid')),
  keyed('pg_index', 'x.indexrelid', onRelation('indrelid')),
  keyed('pg_inherits', 'x.inhrelid, x.inhseqno', onRelation('inhrelid')),
  keyed('pg_rewrite', 'x.oid', onRelation('ev_class')),
  keyed('pg_trigger', 'x.oid', onRelation('tgrelid')),
  keyed('pg_policy', 'x.oid', onRelation('polrelid')),
  keyed('pg_sequence', 'x.seqrelid', onRelation('seqrelid')),
  // A policy names roles, and renaming a role touches nothing else that is read here.
  `
  select sum(hashtextextended(concat_ws(' ', 'role', u, pg_get_userbyid(u)), 0)) from pg_policy x, unnest(x.polroles) u
  where x.polrelid in (select oid from relations)`,
]

const comments = keyed('pg_description', 'x.objoid, x.objsubid', onRelation('objoid'))

/** `select … as fingerprint`, one row. Comments are part of it only where they are compared. */
export const fingerprintQuery = (withComments: boolean): string => `
with schemas as materialized (
  select oid from pg_namespace
  where nspname in (select json_array_elements_text(current_setting('edge_health.schemas')::json))
), relations as materialized (
  select oid from pg_class where relnamespace in (select oid from schemas)
)
select md5(concat_ws(',', pg_postmaster_start_time(), current_setting('server_version_num'),
  (select oid from pg_database where datname = current_database()),${[
    ...catalogs,
    ...(withComments ? [comments] : []),
  ]
    .map((query) => `\n  coalesce((${query}), 0)`)
    .join()}
)) as fingerprint`
