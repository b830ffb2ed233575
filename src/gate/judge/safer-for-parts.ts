import type { SaferWay } from './safer.ts'

/**
 * For a statement on a partitioned table, where Postgres refuses what helps for other tables: CONCURRENTLY (0A000), USING INDEX
 * (0A000), and before 18 a foreign key that is NOT VALID (42809).
 */
export function saferForParts(text: string): SaferWay | undefined {
  if (/^create\s+(?:unique\s+)?index\b/i.test(text))
    return {
      advice:
        'before the deploy, create it ON ONLY the table, build one for each partition with CONCURRENTLY, and attach them with ALTER INDEX … ATTACH PARTITION; write IF NOT EXISTS into the migration',
    }
  if (/\badd\s+(?:constraint\s+\S+\s+)?(?:unique|primary\s+key)\b/i.test(text))
    return {
      advice:
        'before the deploy, give each partition a constraint over these columns, with an index that was built with CONCURRENTLY: the table takes them over',
    }
  if (/\bforeign\s+key\b/i.test(text))
    return {
      advice:
        'before the deploy, add it to each partition as NOT VALID, and validate it there: the table takes them over',
    }
  return undefined
}
