import type { Catalog } from './compatibility/catalog.ts'
import type { GateFinding } from './judge/finding.ts'
import type { Measured } from './measure-pending.ts'
import type { LiveRelation } from './production/sizes.ts'

/** Relations that the pending migrations make: a database without Drizzle's migrations table may have them already. */
export function newRelations({ before, catalogs }: Measured): { schema: string; name: string }[] {
  const known = new Set(before.relations.map(({ oid }) => oid))
  const added =
    catalogs.at(-1)?.catalog.relations.filter(({ oid, isPartition }) => !known.has(oid) && !isPartition) ?? []
  return added.map(({ name }) => {
    const dot = name.indexOf('.')
    return { schema: name.slice(0, dot), name: name.slice(dot + 1) }
  })
}

/**
 * What a migration makes and production has: CREATE TABLE is refused there (42P07), although the replay has no such table.
 *
 * @param findings of the migration: what it makes anew is among them
 * @param before what the applied migrations make: a table may be dropped, and another one renamed to its name
 */
export function alreadyThere(
  findings: readonly GateFinding[],
  texts: readonly string[],
  sizes: ReadonlyMap<string, LiveRelation> | undefined,
  before: Catalog,
): GateFinding[] {
  const mayExist = texts.some((text) => /\bif\s+not\s+exists\b/i.test(text))
  return findings
    .filter(({ code, object }) => code === 'needs_first' && sizes?.has(object))
    .filter(({ object }) => !before.relations.some(({ name }) => name === object))
    .map(({ object }) => ({
      level: mayExist ? 'warn' : 'fail',
      code: 'fails',
      object,
      message: `fails: production has ${object} already, and no applied migration makes it`,
      advice:
        'where drizzle-kit push made it, write the rows of these migrations into the migrations table by hand',
    }))
}
