import { readObject } from '../../../checks/migrations/expected-schema.ts'
import type { Fix, Surroundings } from '../../../checks/migrations/findings/fixes/fix.ts'
import { setAndReset } from '../../../checks/migrations/findings/fixes/storage-parameters.ts'
import { objectName } from '../../../checks/migrations/findings/object-name.ts'
import { missingObjects, withTheRest } from './missing-objects.ts'
import { storageOf } from './tables.ts'

/** The text of a view, which has a part of its own. */
const queryOf = (part: string, { parts }: Surroundings): string | undefined =>
  parts
    .find((expected) => expected.part === `${part} query`)
    ?.objects.map(readObject)[0]
    ?.definition.replace(/;\s*$/, '')
    .trim()

export const wholeViewFix: Fix = (view, around) => {
  const { difference, part, expected = '', found = '' } = view
  if (difference === 'changed') {
    // ALTER VIEW takes one action at a time.
    const actions = setAndReset(inParentheses(expected), inParentheses(found))
    return actions.map((action) => `ALTER VIEW ${part} ${action}`)
  }
  const query = queryOf(part, around)
  if (difference !== 'missing' || query === undefined) return undefined
  const options = missingObjects(view, around).find(({ kind }) => kind === 'view')?.definition ?? ''
  return withTheRest(view, around, [`CREATE VIEW ${part} ${options}${options && ' '}AS ${query}`])
}

const inParentheses = (options: string): string => options.replace(/^with \(|\)$/g, '')

export const wholeMaterializedViewFix: Fix = (view, around) => {
  const { difference, part, expected } = view
  if (difference === 'changed') return expected === '' ? [`REFRESH MATERIALIZED VIEW ${part}`] : undefined
  const query = queryOf(part, around)
  if (difference !== 'missing' || query === undefined) return undefined
  const data = missingObjects(view, around).find(({ kind }) => kind === 'materialized view')?.definition ?? ''
  const create = `CREATE MATERIALIZED VIEW ${part}${storageOf(view, around)} AS ${query} ${data}`
  return withTheRest(view, around, [create.trimEnd()])
}

/** A view keeps its columns with CREATE OR REPLACE, which Postgres refuses where names or order differ. */
export const queryFix: Fix = (query, around) => {
  const view = objectName(query)
  const part = around.parts.find((expected) => expected.part === view)
  const head = part?.objects.map(readObject).find(({ kind }) => kind === 'view')
  const { difference, expected = '', found = '' } = query
  const names = columnNames(expected)
  if (!head || difference !== 'changed' || names === '' || names !== columnNames(found)) return undefined
  if (around.differences.some((other) => other.part === view && other.kind === 'column')) return undefined
  return [
    `CREATE OR REPLACE VIEW ${view} ${head.definition}${head.definition && ' '}AS ${queryOf(view, around)}`,
  ]
}

/** The names in the outermost SELECT of a simple view, which Postgres prints one in a line. */
function columnNames(query: string): string {
  const list = /^ SELECT (.*?)\n +FROM /s.exec(query)?.[1] ?? ''
  return list
    .split(',\n')
    .map((column) => /("(?:[^"]|"")+"|[\w$]+)$/.exec(column)?.[1])
    .join()
}
