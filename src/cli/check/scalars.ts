import { isRecord } from '../../core/is-record.ts'
import type { Variables } from '../../dev/environment.ts'

/** The variables of a table, as texts; lists and tables in it are not for this function. Empty texts count as unset. */
export function scalars(table: unknown): Variables {
  if (!isRecord(table)) return {}
  const set = Object.entries(table).filter(
    ([, value]) =>
      ['number', 'boolean'].includes(typeof value) || (typeof value === 'string' && value !== ''),
  )
  return Object.fromEntries(set.map(([name, value]) => [name, String(value)]))
}
