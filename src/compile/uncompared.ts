import { splitPattern } from '../checks/migrations/comparison/ignored.ts'
import { createWildcard } from '../core/wildcard.ts'
import type { Sources } from './project/sources.ts'
import type { Database } from './replay/database.ts'
import { firstUserOid } from './replay/first-user-oid.ts'

/**
 * Kinds of objects that migrations can make and that the check does not compare, as Postgres names them
 * (pg_identify_object), with their catalogs. To ask the live database for them would cost every run of the check, and nearly no
 * project has any: where the migrations make one, the details name it.
 */
const catalogs = {
  'access method': 'pg_am',
  aggregate: `pg_proc where prokind = 'a'`,
  cast: 'pg_cast',
  conversion: 'pg_conversion',
  'event trigger': 'pg_event_trigger',
  'foreign data wrapper': 'pg_foreign_data_wrapper',
  'foreign server': 'pg_foreign_server',
  language: 'pg_language',
  operator: 'pg_operator',
  'operator class': 'pg_opclass',
  // An operator class brings a family along.
  'operator family': 'pg_opfamily f where not exists (select from pg_opclass c where c.opcfamily = f.oid)',
  publication: 'pg_publication',
  'text search configuration': 'pg_ts_config',
  'text search dictionary': 'pg_ts_dict',
  'text search parser': 'pg_ts_parser',
  'text search template': 'pg_ts_template',
  transform: 'pg_transform',
  'user mapping': 'pg_user_mapping',
} as const

/** Kinds that `--ignore` may name besides those that are compared. */
export const uncomparedKinds: readonly string[] = Object.keys(catalogs)

const query = `
select kind, identity as name
from (${Object.entries(catalogs)
  .map(([kind, rows]) => {
    const catalog = rows.split(' ')[0]
    return `select '${kind}' as kind, '${catalog}'::regclass as catalog, oid from ${rows}`
  })
  .join('\n  union all ')}
) made, pg_identify_object(catalog, oid, 0)
where oid >= $1 and (schema is null or schema = any ($2))
  and not exists (select from pg_depend where classid = catalog and objid = oid and deptype = 'e')
order by kind, identity collate "C"`

/**
 * Names with their kinds of what the migrations made and the check does not compare, unless `ignore` accepts it, and how to
 * accept it. Schemas that are not compared are left out: the compile warns of these.
 */
export async function findUncompared(
  database: Pick<Database, 'query'>,
  schemas: readonly string[],
  { ignore, preludes, ledger }: Pick<Sources, 'ignore' | 'preludes' | 'ledger'>,
): Promise<{ uncompared: readonly string[]; warnings: readonly string[] }> {
  const isProvided = preludes.length > 0 && preludes.every(({ isExpected }) => !isExpected)
  const first = isProvided ? await oidOf(database, ledger) : firstUserOid
  const { rows } = await database.query(query, [first, schemas])
  const patterns = ignore.map(splitPattern).map(({ kind, name }) => ({ kind, matches: createWildcard(name) }))
  const objects = rows
    .map((row) => ({ kind: String(row['kind']), name: String(row['name']) }))
    .filter((object) => {
      return !patterns.some(({ kind = object.kind, matches }) => kind === object.kind && matches(object.name))
    })
  return {
    uncompared: objects.map(({ kind, name }) => `${kind} ${name}`),
    warnings: objects.length > 0 ? [warningOf(objects)] : [],
  }
}

/** Of the migrations table: what the preludes made is older, what the migrations made is younger. */
async function oidOf(database: Pick<Database, 'query'>, { schema, table }: Sources['ledger']) {
  const { rows } = await database.query(
    `select c.oid::bigint as oid from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname = $1 and relname = $2`,
    [schema, table],
  )
  return Number(rows[0]?.['oid'] ?? firstUserOid)
}

function warningOf(objects: readonly { readonly kind: string; readonly name: string }[]): string {
  const names = objects.map(({ kind, name }) => `${kind} ${name}`).join(', ')
  // A comma stands between patterns, and a quote would end the word of the shell.
  const patterns = objects.map(({ kind, name }) => `${kind}:${name.replaceAll(/[,']/g, '*')}`).join(',')
  return `The check does not compare what these are: ${names}. It says so with the code not_compared. To accept that: --ignore '${patterns}'.`
}
