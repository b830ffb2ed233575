/**
 * A key that changes whenever the definition of anything changes, for the price of reading the catalogs: no
 * deparsing, no locks. Every change of a definition writes a new row version, whose xmin is the transaction that did.
 *
 * The xmins are enough, without what they belong to. A row that was written between two questions has an xmin that the
 * first one saw nowhere, whatever the order in which transactions commit; and rows that were only deleted take theirs
 * away. So the sum of their hashes differs, and needs no sorting.
 *
 * It is a key for what was found out about this database, never an expectation: a restored database has another.
 * The server's start belongs to it, because a database that was reset to an earlier point counts the same
 * transactions again, and that restarts it. Changed by GRANT and TRUNCATE too, which costs one slow run; not by
 * VACUUM, ANALYZE or writes.
 */

const keyed = (catalog: string, rows = '') => `
  select sum(hash_array_extended(array[xmin], 0)) from ${catalog} ${rows}`

const inSchema = (column: string) => `where ${column} = any (array(select oid from schemas))`
/** By an array, so that Postgres looks each one up: most rows of these catalogs belong to indexes and system tables. */
const onRelation = (column: string, relkinds: string) =>
  `where ${column} = any (array(select oid from relations where relkind in (${relkinds})))`
const withColumns = `'r', 'p', 'v', 'm', 'f', 'c'`

/**
 * Where temporary tables leave rows, only those of the compared schemas count: a database that makes them all day would
 * never have the same key twice. The others are small, and a join would cost more than it keeps out. pg_attrdef is not
 * among them, because every change of a default also writes the row of its column.
 */
const catalogs = [
  `
  select sum(hash_array_extended(array[version], 0)) from (select version from schemas union all select version from relations) x`,
  keyed('pg_extension'),
  keyed('pg_type', inSchema('typnamespace')),
  keyed('pg_proc', inSchema('pronamespace')),
  keyed('pg_collation', inSchema('collnamespace')),
  keyed('pg_constraint', inSchema('connamespace')),
  keyed('pg_statistic_ext'),
  keyed('pg_enum'),
  keyed('pg_attribute', `${onRelation('attrelid', withColumns)} and attnum > 0`),
  keyed('pg_index', onRelation('indrelid', withColumns)),
  keyed('pg_sequence', onRelation('seqrelid', `'S'`)),
  keyed('pg_inherits'),
  keyed('pg_rewrite'),
  keyed('pg_trigger'),
  keyed('pg_policy'),
  // A policy names roles, and renaming a role touches nothing else that is read here.
  `
  select sum(hashtextextended(polroles::regrole[]::text, 0)) from pg_policy`,
]

const comments = keyed('pg_description', onRelation('objoid', withColumns))

/** `select … as fingerprint`, one row. Comments are part of it only where they are compared. */
export const fingerprintQuery = (withComments: boolean): string => `
with schemas as materialized (
  select oid, xmin as version from pg_namespace
  where nspname in (select json_array_elements_text(current_setting('edge_health.schemas')::json))
), relations as materialized (
  select oid, relkind, xmin as version from pg_class where relnamespace = any (array(select oid from schemas))
)
select md5(concat_ws(',', pg_postmaster_start_time(), current_setting('server_version_num'),
  (select oid from pg_database where datname = current_database()),${[
    ...catalogs,
    ...(withComments ? [comments] : []),
  ]
    .map((query) => `\n  coalesce((${query}), 0)`)
    .join()}
)) as fingerprint`
