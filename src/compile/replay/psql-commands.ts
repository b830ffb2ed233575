/**
 * A script of pg_dump without what only psql understands: \restrict and \unrestrict, with which it guards against what psql
 * would do (CVE-2025-8714), and rows. No schema needs those.
 */
export function withoutPsqlCommands(script: string): string {
  return script
    .replaceAll(/^copy\s[^;]*\sfrom\s+stdin\b[^;\n]*;[^\S\n]*\n(?:(?!\\\.$).*\n)*\\\.$/gim, '')
    .replaceAll(/^\\(?:un)?restrict\b.*$/gm, '')
}
