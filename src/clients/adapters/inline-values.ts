import type { Statement } from '../interfaces.ts'

/**
 * The text of a statement with its values written into it, for drivers that take none or change them on the way.
 *
 * @throws {TypeError} for a value that is neither a text, a finite number nor null
 * @example
 * inlineValues({ text: 'select $1::text', values: ["O'Hara"] }) // "select E'O''Hara'::text"
 */
export function inlineValues({ text, values = [] }: Statement): string {
  // Such a text may have `$1` in a string, as one that has values may not.
  if (values.length === 0) return text
  return text.replaceAll(/\$(\d+)/g, (_, position) => literal(values[Number(position) - 1]))
}

/** `E''`, because there a backslash has one meaning whatever `standard_conforming_strings` says. */
function literal(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') throw new TypeError('a value of a statement is neither a text nor a number')
  return `E'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}
