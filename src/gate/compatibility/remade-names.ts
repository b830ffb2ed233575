import type { Catalog } from './catalog.ts'

/** Names of what was dropped and made again. */
export function remadeNames(before: Catalog, after: Catalog): ReadonlySet<string> {
  const oids = new Set(after.relations.map(({ oid }) => oid))
  const names = new Set(after.relations.map(({ name }) => name))
  return new Set(
    before.relations.flatMap(({ oid, name }) => (!oids.has(oid) && names.has(name) ? [name] : [])),
  )
}
