import type { NotComparable } from '../../checks/migrations/expected-schema.ts'
import { identifier } from './identifier-pattern.ts'
import { withoutComments } from './split-statements.ts'

const qualified = `(?:(?<schema>${identifier})\\s*\\.\\s*)?`
const onTable = `on\\s+(?:only\\s+)?${qualified}(?<table>${identifier})`
const alterTable = `^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${qualified}(?<table>${identifier})`

interface Maker extends Pick<NotComparable, 'kind' | 'difference'> {
  readonly statement: RegExp
}

const maker = (
  kind: NotComparable['kind'],
  statement: string,
  difference: Maker['difference'] = 'extra',
) => ({
  kind,
  difference,
  statement: new RegExp(statement, 'i'),
})

const makers: readonly Maker[] = [
  // An index is in the schema of its table, and has a name of its own there.
  maker(
    'index',
    `^create\\s+(?:unique\\s+)?index\\s+(?:concurrently\\s+)?(?:if\\s+not\\s+exists\\s+)?(?<name>${identifier})\\s+on\\s+(?:only\\s+)?${qualified}${identifier}`,
  ),
  maker('view', `^create\\s+(?:or\\s+replace\\s+)?view\\s+${qualified}(?<name>${identifier})`),
  maker(
    'materialized view',
    `^create\\s+materialized\\s+view\\s+(?:if\\s+not\\s+exists\\s+)?${qualified}(?<name>${identifier})`,
  ),
  maker('constraint', `${alterTable}\\s+add\\s+constraint\\s+(?<name>${identifier})`),
  maker('policy', `^create\\s+policy\\s+(?<name>${identifier})\\s+${onTable}`),
  maker(
    'trigger',
    `^create\\s+(?:or\\s+replace\\s+)?(?:constraint\\s+)?trigger\\s+(?<name>${identifier})\\s[^;]*?\\s${onTable}`,
  ),
  maker(
    'column',
    `${alterTable}\\s+alter\\s+(?:column\\s+)?(?<name>${identifier})\\s+set\\s+default\\s[^;]*;?\\s*$`,
    'changed',
  ),
]

/**
 * The object that a statement makes or changes, where its text names it.
 *
 * @example
 * madeBy('create policy own on orders using (true)') // { kind: 'policy', object: 'public.orders.own', difference: 'extra' }
 */
export function madeBy(statement: string): NotComparable | undefined {
  for (const { kind, difference, statement: pattern } of makers) {
    const groups = pattern.exec(withoutComments(statement))?.groups
    if (!groups) continue
    const { schema = 'public', table, name = '' } = groups
    const names = [schema, ...(table === undefined ? [] : [table]), name]
    return { kind, object: names.map(asWritten).join('.'), difference }
  }
  return undefined
}

/** A name as Postgres keeps it: folded to lower case unless it is quoted. */
function asWritten(name: string): string {
  return name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase()
}
