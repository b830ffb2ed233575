import { createIsIgnored } from '../checks/migrations/comparison/ignored.ts'
import type { NotComparable, Scope } from '../checks/migrations/expected-schema.ts'
import type { Database } from './replay/database.ts'
import type { Missing } from './replay/missing-extension.ts'
import { notComparable } from './replay/not-known.ts'

/**
 * What cannot be compared for want of an extension, unless `ignore` accepts it, and how to accept it.
 */
export async function findNotComparable(
  database: Database,
  missing: Missing,
  ignore: readonly string[],
): Promise<{ scope: Pick<Scope, 'notComparable' | 'acceptedUnknown' | 'standIns'>; warnings: string[] }> {
  const isIgnored = createIsIgnored({
    schemas: [],
    partitions: false,
    extensions: [],
    optionalKinds: [],
    ignore,
  })
  const all = await notComparable(database, missing)
  const accepted = all.filter(({ object, ...rest }) => {
    const table = object.slice(0, object.lastIndexOf('.'))
    return [
      rest.kind === 'query' ? { part: object, name: '' } : { part: '', name: object },
      { part: table, name: '' },
    ].some((named) => isIgnored({ ...rest, ...named, partKind: null }))
  })
  const unknown = all.filter((each) => !accepted.includes(each))
  const standIns = missing.types.map((type) => (type.includes('.') ? type : `public.${type}`))
  return {
    scope: {
      ...(unknown.length > 0 && { notComparable: unknown }),
      ...(accepted.length > 0 && { acceptedUnknown: accepted }),
      ...(standIns.length > 0 && { standIns }),
    },
    warnings: unknown.length > 0 ? [warningOf(missing.extensions, unknown)] : [],
  }
}

function warningOf(extensions: readonly string[], unknown: readonly NotComparable[]): string {
  const patterns = unknown.map(({ kind, object }) => `${kind}:${object}`).join(',')
  return `The replay has no ${extensions.join(', ')}: what needs it is not compared, and the check says so with the code not_compared. To accept that: --ignore '${patterns}'.`
}
