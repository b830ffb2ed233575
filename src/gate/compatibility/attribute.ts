import type { Catalog } from './catalog.ts'
import { compareCatalogs, type Incompatibility } from './compare.ts'

/**
 * What the releases miss after all pending migrations, each with the first migration that makes it so. What one of them
 * adds and another one takes away again is nothing.
 */
export function attribute(
  before: Catalog,
  after: readonly { readonly tag: string; readonly catalog: Catalog }[],
): (Incompatibility & { readonly migration: string })[] {
  const last = after.at(-1)
  if (!last) return []
  const keyOf = ({ release, object, what }: Incompatibility) => JSON.stringify([release, object, what])
  const stages = after.map(({ tag, catalog }) => ({
    tag,
    keys: new Set((catalog === last.catalog ? [] : compareCatalogs(before, catalog)).map(keyOf)),
  }))
  return compareCatalogs(before, last.catalog).map((each) => ({
    ...each,
    migration: stages.find(({ keys }) => keys.has(keyOf(each)))?.tag ?? last.tag,
  }))
}
