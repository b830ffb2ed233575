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

const inSchema = (column: string) => `where ${column} = any (array(select oid from schemas))`

const withColumns = `'r', 'p', 'v', 'm', 'f', 'c'`
/** By an array, so that Postgres looks each one up: most rows of these catalogs belong to indexes and system tables. */
const onRelation = (column: string, relkinds: string) =>
  `where ${column} = any (array(select oid from relations where relkind in (${relkinds})))`

/**
 * Where temporary tables leave rows, only those of the compared schemas count: a database that makes them all day would
 * never have the same key twice. The others are small, and a join would cost more than it keeps out. pg_attrdef is not
 * among them, because every change of a default also writes the row of its column.
 */
const catalogs = [
  // A database that was made anew under the same name has a row of its own.
  'pg_database where datname = current_database()',
  'pg_extension',
  `pg_type ${inSchema('typnamespace')}`,
  `pg_proc ${inSchema('pronamespace')}`,
  `pg_collation ${inSchema('collnamespace')}`,
  `pg_constraint ${inSchema('connamespace')}`,
  'pg_statistic_ext',
  'pg_enum',
  `pg_attribute ${onRelation('attrelid', withColumns)} and attnum > 0`,
  `pg_index ${onRelation('indrelid', withColumns)}`,
  `pg_sequence ${onRelation('seqrelid', `'S'`)}`,
  'pg_inherits',
  'pg_rewrite',
  'pg_trigger',
]

const comments = `pg_description ${onRelation('objoid', withColumns)}`

/** `select … as fingerprint`, one row. Comments are part of it only where they are compared. */
// A policy names roles, and renaming a role touches nothing else that is read here.
export const fingerprintQuery = (withComments: boolean): string => `
with schemas as materialized (
  select oid, xmin as version from pg_namespace
  where nspname in (select json_array_elements_text(current_setting('edge_health.schemas')::json))
), relations as materialized (
  select oid, relkind, xmin as version from pg_class ${inSchema('relnamespace')}
), versions as (
  select version from schemas union all select version from relations${[
    ...catalogs,
    ...(withComments ? [comments] : []),
  ]
    .map((rows) => `\n  union all select xmin from ${rows}`)
    .join('')}
)
select md5(concat_ws(' ', pg_postmaster_start_time(),
  (select sum(hash_array_extended(array[version], 0)) from versions),
  (select sum(hashtextextended(polroles::regrole[]::text, hash_array_extended(array[xmin], 0))) from pg_policy)
)) as fingerprint`
