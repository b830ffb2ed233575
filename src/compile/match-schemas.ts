import { createWildcard } from '../core/wildcard.ts'

/**
 * The schemas that a list of names and patterns means, among those that the migrations made: drizzle-kit's
 * `schemaFilter` may say `*`, `tenant_*` or `!internal`. A plain name stays although no migration made it.
 */
export function matchSchemas(patterns: readonly string[], made: readonly string[]): string[] {
  const excluded = patterns
    .filter((pattern) => pattern.startsWith('!'))
    .map((pattern) => createWildcard(pattern.slice(1)))
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'))
  const named = wanted.flatMap((pattern) =>
    pattern.includes('*') ? made.filter(createWildcard(pattern)) : [pattern],
  )
  const all = wanted.length === 0 ? made : [...new Set(named)]
  return all.filter((schema) => !excluded.some((isExcluded) => isExcluded(schema)))
}
