import { identifier } from '../identifier-pattern.ts'
import { quoteLiteral } from '../quote-literal.ts'
import { withoutComments, wordsOf } from '../split-statements.ts'

/**
 * A statement that makes a table or a materialized view of a query, with the columns of the query and no row; what
 * refreshes a materialized view, as having done so. Undefined for others.
 */
export function withoutQueryRows(statement: string): readonly string[] | undefined {
  const text = withoutComments(statement).replace(/;\s*$/, '')
  const refreshed = new RegExp(
    `^refresh\\s+materialized\\s+view\\s+(?:concurrently\\s+)?(${name})`,
    'i',
  ).exec(text)?.[1]
  if (refreshed !== undefined) return [populated(refreshed)]
  if (/\bwith\s+no\s+data\s*$/i.test(text)) return undefined
  const withoutData = `${text.replace(/\bwith\s+data\s*$/i, '')}\nwith no data`
  const view = new RegExp(
    `^create\\s+materialized\\s+view\\s+(?:if\\s+not\\s+exists\\s+)?(${name})`,
    'i',
  ).exec(text)?.[1]
  if (view !== undefined) return [withoutData, populated(view)]
  const isTable = /^create\s+(?:(?:global|local|temp|temporary|unlogged)\s+)*table\b/i.test(text)
  return isTable && makesOfQuery(text) ? [withoutData] : undefined
}

const name = `${identifier}(?:\\s*\\.\\s*${identifier})?`

/** Whether it is populated is compared; on a database where the statement succeeds it is. */
function populated(view: string): string {
  return `update pg_class set relispopulated = true where oid = to_regclass(${quoteLiteral(view)})`
}

function makesOfQuery(text: string): boolean {
  const words = wordsOf(text)
  return words.some(
    ({ word, depth }, index) =>
      word === 'as' &&
      depth === 0 &&
      /^(?:select|with|values|table|execute|\()$/.test(words[index + 1]?.word ?? ''),
  )
}
