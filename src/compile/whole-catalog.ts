import {
  type ExpectedPart,
  type ExpectedSchema,
  type Kind,
  type SchemaObject,
  type Scope,
  writeObject,
} from '../checks/migrations/expected-schema.ts'
import {
  kindDigests,
  overallDigest,
  partDigests,
  queryVersion,
  withObjects,
} from '../checks/migrations/queries/digest.ts'
import { pinSettings } from '../checks/migrations/queries/pin-settings.ts'
import type { Row, Statement } from '../clients/postgres.ts'

/** An object and the part that it is in. */
export interface CatalogObject extends SchemaObject {
  readonly part: string
  readonly digest: string
}

/** Everything that the query says about one database. */
export interface WholeCatalog {
  readonly digest: string
  readonly digestWithoutQueries: string
  readonly parts: readonly { readonly part: string; readonly kind: Kind | null; readonly digest: string }[]
  readonly kinds: readonly { readonly kind: Kind; readonly digest: string }[]
  readonly objects: readonly CatalogObject[]
}

/** Columns come in the order of their table, which a fix that makes a missing table needs. */
const columnPlaces = `
select r.part, quote_ident(a.attname) as name, a.attnum as place
from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0`

/**
 * Asks a database that only the build uses, without limits of time or size.
 *
 * @param batch runs the statements in one transaction and returns the rows of each
 */
export async function readWholeCatalog(
  batch: (statements: readonly Statement[]) => Promise<readonly (readonly Row[])[]>,
  scope: Scope,
): Promise<WholeCatalog> {
  const noLimits = { statementMs: 0, lockMs: 0 }
  const [, [overall] = [], parts = [], kinds = [], objects = []] = await batch([
    pinSettings(scope, noLimits),
    { text: `${withObjects(scope)}${partDigests}${overallDigest} select * from overall` },
    {
      text: `${withObjects(scope)}${partDigests} select part, kind, digest from parts order by part collate "C"`,
    },
    { text: `${withObjects(scope)}${kindDigests} select kind, digest from kinds order by kind collate "C"` },
    {
      text: `${withObjects(scope)} select o.part, o.kind, o.name, o.definition, o.digest from objects o
        left join (${columnPlaces}) p on o.kind = 'column' and p.part = o.part and p.name = o.name
        order by o.part collate "C", o.kind collate "C", p.place, o.name collate "C"`,
    },
  ])
  return {
    digest: String(overall?.['digest']),
    digestWithoutQueries: String(overall?.['digest_without_queries']),
    // The query writes no other kinds.
    parts: parts.map((row) => ({
      part: String(row['part']),
      kind: row['kind'] as Kind | null,
      digest: String(row['digest']),
    })),
    kinds: kinds.map((row) => ({ kind: kindOf(row), digest: String(row['digest']) })),
    objects: objects.map((row) => ({
      part: String(row['part']),
      kind: kindOf(row),
      name: String(row['name']),
      definition: String(row['definition']),
      digest: String(row['digest']),
    })),
  }
}

/** The query writes no others. */
const kindOf = (row: Row) => row['kind'] as Kind

/**
 * The catalog's half of the expected schema.
 *
 * @param made what the migrations make
 * @param restored the same after a dump and restore: where Postgres then prints something differently, both are accepted
 */
export function expectedCatalog(
  made: WholeCatalog,
  restored: WholeCatalog = made,
): Pick<ExpectedSchema, 'question' | 'digests' | 'kinds' | 'parts'> {
  const key = (object: CatalogObject) => JSON.stringify([object.part, object.kind, object.name])
  const kindKey = (kind: Kind) => JSON.stringify([kind])
  const digestsAfter = new Map([
    ...restored.parts.map(({ part, digest }) => [part, digest] as const),
    ...restored.kinds.map(({ kind, digest }) => [kindKey(kind), digest] as const),
    ...restored.objects.map((object) => [key(object), object.digest] as const),
  ])
  const accepted = (digest: string, at: string) => unique([digest, digestsAfter.get(at)])
  const objectsOf = Map.groupBy(made.objects, ({ part }) => part)
  const nameless = { part: '', kind: null, digest: 'nothing' }
  const withNameless = made.parts.some(({ part }) => part === '') ? made.parts : [nameless, ...made.parts]
  const parts = withNameless.map(({ part, kind, digest }): ExpectedPart => {
    const objects = objectsOf.get(part) ?? []
    return {
      part,
      kind,
      digests: accepted(digest, part),
      objectDigests: objects.map((object) => accepted(object.digest, key(object)).join('/')).join(' '),
      objects: objects.map(writeObject),
    }
  })
  const digests = [made, restored].flatMap((d) => [d.digest, d.digestWithoutQueries])
  return {
    question: queryVersion,
    digests: unique(digests),
    kinds: made.kinds.map(({ kind, digest }) => ({ kind, digests: accepted(digest, kindKey(kind)) })),
    parts,
  }
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))]
}
