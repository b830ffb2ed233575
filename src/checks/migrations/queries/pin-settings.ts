import type { Statement } from '../../../clients/postgres.ts'
import type { Scope } from '../expected-schema.ts'

/**
 * What changes how Postgres prints a definition, set to one value for every server, database and role: a database
 * with a search_path or IntervalStyle of its own would differ in every second object. `jit` costs more than it gives
 * for a statement that runs once.
 */
export const printing = {
  search_path: '',
  IntervalStyle: 'postgres',
  DateStyle: 'ISO, MDY',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  quote_all_identifiers: 'off',
  standard_conforming_strings: 'on',
  bytea_output: 'hex',
  lc_monetary: 'C',
  xmlbinary: 'base64',
  jit: 'off',
}

/** How long Postgres may work and wait, in milliseconds. 0 is for ever: for a database that nothing else uses. */
export interface TimeLimits {
  readonly statementMs: number
  /** How long to wait for a lock; without it the query hangs behind a running migration. */
  readonly lockMs: number
}

/**
 * The first statement of every batch: pins the settings and carries the parameters of the query, all for this
 * transaction only. The parameters travel as settings because the query runs as dynamic SQL, which has none.
 */
export function pinSettings(
  scope: Scope,
  limits: TimeLimits,
  parameters: Readonly<Record<string, unknown>> = {},
): Statement {
  const settings: Record<string, string> = {
    ...printing,
    statement_timeout: String(limits.statementMs),
    lock_timeout: String(limits.lockMs),
    'edge_health.schemas': JSON.stringify(scope.schemas),
    'edge_health.extensions': JSON.stringify(scope.extensions),
    'edge_health.partitions': scope.partitions ? 'on' : 'off',
    'edge_health.owner_policies': scope.ownerPolicies ? 'on' : 'off',
    'edge_health.other_owners': JSON.stringify(scope.otherOwners ?? []),
    'edge_health.named_policies': JSON.stringify(scope.namedPolicies ?? []),
    'edge_health.ledger': JSON.stringify(scope.ledger ? [scope.ledger.schema, scope.ledger.table] : []),
    'edge_health.provided': JSON.stringify(scope.provided ?? []),
  }
  for (const [name, value] of Object.entries(parameters))
    settings[`edge_health.${name}`] = JSON.stringify(value)
  return {
    text: 'select set_config(key, value, true) from json_each_text($1::json)',
    values: [JSON.stringify(settings)],
  }
}
