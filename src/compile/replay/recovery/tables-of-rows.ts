import { createWildcard } from '../../../core/wildcard.ts'
import { tablesMadeForRows } from '../../made-for-rows.ts'
import { isDatabaseError } from '../database.ts'
import { identifier } from '../identifier-pattern.ts'
import { splitStatements, tokensOf, withoutComments } from '../split-statements.ts'
import { bodyOf } from './makes-nothing.ts'

const name = `(?:${identifier}\\s*\\.\\s*)?(${identifier})`

/** What is done with a table that is there, and makes nothing that is not a part of it. */
const statements = [
  `alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${name}`,
  `create\\s+(?:unique\\s+)?index\\s[^(]*?\\bon\\s+(?:only\\s+)?${name}`,
  `create\\s+(?:or\\s+replace\\s+)?(?:constraint\\s+)?trigger\\s[^;]*?\\son\\s+${name}`,
  `(?:create|alter|drop)\\s+policy\\s[^;]*?\\son\\s+${name}`,
  `comment\\s+on\\s+table\\s+${name}`,
  `comment\\s+on\\s+column\\s+${name}\\s*\\.`,
  `(?:grant|revoke)\\s[^;]*?\\son\\s+(?:table\\s+)?${name}`,
  `drop\\s+table\\s+${name}\\s*(?:cascade|restrict)?\\s*;?$`,
].map((pattern) => new RegExp(`^${pattern}`, 'i'))

/**
 * The table that a statement is about and that is not there, where a block or a function of the migrations makes it for a row: the
 * table is not expected of the database, and so nothing of it is. Where they make tables of any name, its name has to begin
 * or end as one of their texts.
 *
 * @param sql all texts of the migrations
 */
export function tableOfRows(statement: string, error: unknown, sql: readonly string[]): string | undefined {
  if (!isDatabaseError(error) || error.code !== '42P01') return undefined
  const missing = /^relation "(?:.+\.)?([^".]+)" does not exist$/.exec(error.message)?.[1]
  if (missing === undefined || aboutTable(statement) !== missing) return undefined
  const patterns = tablesMadeForRows(sql)
  const isNamedSo = patterns.some((pattern) => pattern !== '*' && createWildcard(pattern)(missing))
  return isNamedSo || (patterns.includes('*') && isSaid(missing, sql)) ? missing : undefined
}

function aboutTable(statement: string): string | undefined {
  const text = withoutComments(statement)
  const found = statements.map((pattern) => pattern.exec(text)?.[1]).find((each) => each !== undefined)
  return found?.startsWith('"') ? found.slice(1, -1) : found?.toLowerCase()
}

const isSaid = (table: string, sql: readonly string[]): boolean =>
  sql
    .flatMap((text) => [text, ...splitStatements(text).map(bodyOf)])
    .flatMap(tokensOf)
    .some((token) => {
      const [, text = ''] = /^'(\w{2,})'$/.exec(token) ?? []
      return text !== '' && (table.startsWith(text) || table.endsWith(text))
    })
