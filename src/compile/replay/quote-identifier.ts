/** A name as SQL: always quoted, so that no keyword and no capital letter changes it. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
