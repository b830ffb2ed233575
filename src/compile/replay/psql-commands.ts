/**
 * A script of pg_dump without \restrict and \unrestrict, with which it guards against what psql would do (CVE-2025-8714)
 * and which only psql understands.
 */
export function withoutPsqlCommands(script: string): string {
  return script.replaceAll(/^\\(?:un)?restrict\b.*$/gm, '')
}
