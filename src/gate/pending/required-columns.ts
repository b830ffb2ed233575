import type { Database } from '../../compile/replay/database.ts'
import type { Effect } from '../measure/effect.ts'
import type { MeasuringSession } from '../measure/session.ts'
import type { Step } from './step.ts'

/** The columns that a statement with these effects added as NOT NULL without anything to fill them with. */
export type ReadRequiredColumns = (
  text: string,
  effects: readonly Effect[],
) => Promise<Step['requiredColumns']>

/**
 * On an empty table such a column is added without complaint, and on one with rows Postgres says 23502. A column that was
 * added with a default, or that becomes NOT NULL later, is another matter.
 */
export function createRequiredColumns(
  database: Database,
  { relations, newestColumn }: Pick<MeasuringSession, 'relations' | 'newestColumn'>,
): ReadRequiredColumns {
  return async (text, effects) => {
    if (!/\badd\b/i.test(text)) return []
    const oids = effects
      .filter(({ scanned, rewritten, dropped }) => (scanned || rewritten) && !dropped)
      .map(({ relation }) => relation.oid)
    if (oids.length === 0) return []
    const { rows: columns } = await database.query(
      `select a.attrelid::text as oid, a.attnum::int as place, a.attname as name,
        (a.attnotnull or t.typnotnull) and not a.atthasdef and a.attidentity = '' and t.typdefault is null as required
      from pg_attribute a join pg_type t on t.oid = a.atttypid
      where a.attrelid = any($1::oid[]) and a.attnum > 0 and not a.attisdropped order by a.attnum`,
      [oids],
    )
    return columns.flatMap((row) => {
      const oid = String(row['oid'])
      const column = String(row['name'])
      const isNew = Number(row['place']) > newestColumn(oid) && adds(text, column)
      const relation = relations.find((each) => each.oid === oid)
      return isNew && row['required'] === true && relation ? [{ relation, column }] : []
    })
  }
}

/** Spaces and comments. */
const gap = String.raw`(?:\s|--[^\n]*\n|/\*.*?\*/)`

/** Whether the column comes with this statement: an earlier one may have added it, and this one only makes it NOT NULL. */
function adds(text: string, column: string): boolean {
  const name = column.replaceAll('"', '""').replaceAll(/[^\w]/g, '\\$&')
  return new RegExp(
    `\\badd\\b${gap}*(?:column\\b${gap}*)?(?:if${gap}+not${gap}+exists\\b${gap}*)?"?${name}"?(?![\\w$])`,
    'is',
  ).test(text)
}
