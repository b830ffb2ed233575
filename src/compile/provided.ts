import { headKinds, writeObject } from '../checks/migrations/expected-schema.ts'
import type { CatalogObject, WholeCatalog } from './whole-catalog.ts'

/**
 * What the preludes made and no migration changed, in the form of `Scope.provided`. A part of which that is all that
 * there is, is one name: so the parts of a platform are not compared whatever else it puts into them. A table to which
 * a migration added something is expected, because without it that would be missing too.
 *
 * @param before what the preludes made
 * @param after what is there when the migrations have run
 */
export function providedKeys(before: WholeCatalog, after: WholeCatalog): string[] {
  const known = new Set(before.objects.map(whole))
  const parts = Map.groupBy(after.objects, ({ part }) => part)
  return [...parts].flatMap(([part, objects]) => {
    const unchanged = objects.filter((object) => known.has(whole(object)))
    return part !== '' && unchanged.length === objects.length
      ? [part]
      : unchanged.filter((object) => !isHead(object)).map(keyOf)
  })
}

const isHead = ({ kind, name }: CatalogObject) => name === '' && headKinds.includes(kind)

const whole = (object: CatalogObject) => JSON.stringify([object.part, writeObject(object)])

/** As the query writes it: `concat_ws(chr(31), part, kind, name)`. */
const keyOf = ({ part, kind, name }: CatalogObject) => [part, kind, name].join('\u001f')
