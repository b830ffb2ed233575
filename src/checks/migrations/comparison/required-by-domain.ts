import { type ExpectedPart, kindOf, readObject } from '../expected-schema.ts'
import { fillsValue } from '../findings/severity.ts'
import type { Difference } from './diff-catalog.ts'

/**
 * Marks the extra and missing columns that are required because their domain is: Postgres then refuses NULL although the column
 * itself allows it, and an INSERT that does not name the column fails
 * (https://www.postgresql.org/docs/current/sql-createdomain.html). A domain in a schema that is not compared is not known.
 *
 * @param parts the expected schema's: of a domain that does not differ
 */
export function markRequiredByDomain(
  differences: readonly Difference[],
  parts: readonly ExpectedPart[],
): readonly Difference[] {
  // Domains are printed with their schema, and most drifts have none.
  if (!differences.some(isColumn)) return differences
  const expected = new Map(
    parts
      .filter(({ part }) => part === '')
      .flatMap(({ objects }) => objects.filter((object) => kindOf(object) === 'domain').map(readObject))
      .map(({ name, definition }) => [name, definition]),
  )
  const live = new Map(expected)
  for (const { kind, name, found } of differences) {
    if (kind === 'domain' && found !== undefined) live.set(name, found)
  }
  return differences.map((difference) => {
    const domains = difference.difference === 'extra' ? live : expected
    const { expected: made, found = made } = difference
    return isColumn(difference) && requiresValue(found ?? '', domains)
      ? { ...difference, requiredByDomain: true }
      : difference
  })
}

const isColumn = ({ kind, difference, expected, found = expected }: Difference): boolean =>
  kind === 'column' && difference !== 'changed' && /^(?:"(?:[^"]|"")+"|[^ ("]+)\./.test(found ?? '')

/** `VALUE IS NOT NULL` alone, or joined by nothing but AND. Literals may say anything. */
function refusesNull(check: string): boolean {
  const words = check.replaceAll(/'(?:[^']|'')*'/g, "''")
  return (
    words.includes('(VALUE IS NOT NULL)') && !/\b(?:OR|NOT|CASE)\b/.test(words.replaceAll('IS NOT NULL', ''))
  )
}

/** The definition of a column or of a domain, before the checks of a domain. */
const shape =
  /^(?<type>(?:"(?:[^"]|"")*"|[^"])*?)(?: collate .*?)?(?<fills> (?:default|generated) .*?)?(?<required> not null)?$/s

function requiresValue(definition: string, domains: ReadonlyMap<string, string>): boolean {
  const [head = '', ...checks] = definition.split(/ constraint /)
  const { type = '', fills, required } = shape.exec(head)?.groups ?? {}
  // A domain over another one has taken its default over when it was made.
  if (fills !== undefined && fillsValue(fills)) return false
  if (required !== undefined || checks.some(refusesNull)) return true
  const base = domains.get(type)
  return base !== undefined && requiresValue(base, domains)
}
