import { createIsIgnored } from '../checks/migrations/comparison/ignored.ts'
import type { NotComparable, Scope } from '../checks/migrations/expected-schema.ts'
import type { Database } from './replay/database.ts'
import { type Missing, notComparable } from './replay/missing-extension.ts'

/**
 * What cannot be compared for want of an extension, unless `ignore` accepts it, and how to accept it.
 */
export async function findNotComparable(
  database: Database,
  missing: Missing,
  ignore: readonly string[],
): Promise<{ scope: Pick<Scope, 'notComparable' | 'standIns'>; warnings: string[] }> {
  const isIgnored = createIsIgnored({
    schemas: [],
    partitions: false,
    extensions: [],
    optionalKinds: [],
    ignore,
  })
  const unknown = (await notComparable(database, missing)).filter(({ object, ...rest }) => {
    const table = object.slice(0, object.lastIndexOf('.'))
    return ![
      { part: '', name: object },
      { part: table, name: '' },
    ].some((named) => isIgnored({ ...rest, ...named, partKind: null }))
  })
  const standIns = missing.types.map((type) => (type.includes('.') ? type : `public.${type}`))
  return {
    scope: {
      ...(unknown.length > 0 && { notComparable: unknown }),
      ...(standIns.length > 0 && { standIns }),
    },
    warnings: unknown.length > 0 ? [warningOf(missing.extensions, unknown)] : [],
  }
}

function warningOf(extensions: readonly string[], unknown: readonly NotComparable[]): string {
  const patterns = unknown.map(({ kind, object }) => `${kind}:${object}`).join(',')
  return `The replay has no ${extensions.join(', ')}: what needs it is not compared, and the check says so with the code not_compared. To accept that: --ignore '${patterns}'.`
}
