import type { Row, Statement } from '../../clients/interfaces.ts'

/** What the session of the next migration will have. */
export interface ProductionSettings {
  /** `server_version_num`, 170004 for 17.4. */
  readonly version: number
  /** TimeZone of the role that migrates: whether timestamp to timestamptz rewrites a table depends on it. */
  readonly timeZone: string
  /** Whether a statement that waits for a lock gives up some time. */
  readonly hasLockTimeout: boolean
  /** Names of all roles; undefined where they were not asked for. */
  readonly roles?: ReadonlySet<string>
}

/**
 * The settings of the role that owns the migrations table, which is the one that migrates: what ALTER ROLE and ALTER
 * DATABASE say for it, else what the server says. Every role may read them.
 */
export function settingsQuery(ledger: { readonly schema: string; readonly table: string }): Statement {
  return {
    text: `with migrating as (
      select coalesce((select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = $1 and c.relname = $2 limit 1), (select oid from pg_roles where rolname = current_user)) as role
    ), configured as (
      select split_part(entry, '=', 1) as name, substr(entry, strpos(entry, '=') + 1) as value,
        (s.setrole <> 0)::int * 2 + (s.setdatabase <> 0)::int as precedence
      from migrating, pg_db_role_setting s, unnest(s.setconfig) entry
      where s.setrole in (0, migrating.role)
        and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
    )
    select current_setting('server_version_num')::int as version, (select json_agg(rolname)::text from pg_roles) as roles, w.name,
      coalesce((select c.value from configured c where lower(c.name) = lower(w.name) order by precedence desc limit 1),
        case when w.source in ('default', 'configuration file', 'environment variable', 'command line')
          or (select rolname from pg_roles r, migrating where r.oid = migrating.role) = current_user
        then w.setting else w.boot_val end) as value
    from pg_settings w where w.name in ('TimeZone', 'lock_timeout')`,
    values: [ledger.schema, ledger.table],
  }
}

export function readSettings(rows: readonly Row[]): ProductionSettings {
  const settingOf = (name: string) => String(rows.find((row) => row['name'] === name)?.['value'] ?? '')
  const roles = rows[0]?.['roles']
  return {
    version: Number(rows[0]?.['version'] ?? 0),
    ...(roles != null && { roles: new Set<string>(JSON.parse(String(roles))) }),
    timeZone: settingOf('TimeZone') || 'UTC',
    // `0` or `0s` is none; a number of milliseconds, or one with a unit.
    hasLockTimeout: Number.parseFloat(settingOf('lock_timeout')) > 0,
  }
}
