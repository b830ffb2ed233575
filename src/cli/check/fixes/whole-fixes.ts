import type { Kind } from '../../../checks/migrations/expected-schema.ts'
import type { Fix } from '../../../checks/migrations/findings/fixes/fix.ts'
import { wholeColumnFix, wholeSequenceFix } from './owned-sequences.ts'
import { compositeTypeFix, wholeTableFix } from './tables.ts'
import { queryFix, wholeMaterializedViewFix, wholeViewFix } from './views.ts'

/**
 * Fixes that take the place of the function's own where there is room for them, which is in the terminal: they make whole
 * tables and views.
 */
export const wholeFixes: { readonly [kind in Kind]?: Fix } = {
  'composite type': compositeTypeFix,
  sequence: wholeSequenceFix,
  table: wholeTableFix,
  column: wholeColumnFix,
  view: wholeViewFix,
  'materialized view': wholeMaterializedViewFix,
  query: queryFix,
}
