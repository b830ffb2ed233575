import type { Row, Statement } from '../../clients/postgres.ts'
import type { ExpectedObject, ExpectedPart, ExpectedSchema, Scope } from './expected.ts'
import {
  askDigests,
  askObjects,
  type CatalogObject,
  type Digests,
  questionVersion,
  readDigests,
  readObjects,
} from './question.ts'
import { pinSettings } from './settings.ts'

/** Everything that the question says about one database. */
export interface WholeCatalog {
  readonly digests: Required<Digests>
  readonly objects: readonly CatalogObject[]
}

/**
 * Asks a database of one's own, without limits of time or size: what the build does to the replay.
 *
 * @param batch runs the statements in one transaction and returns the rows of each
 */
export async function askWholeCatalog(
  batch: (statements: readonly Statement[]) => Promise<readonly (readonly Row[])[]>,
  scope: Scope,
): Promise<WholeCatalog> {
  const noLimits = { statementMs: 0, lockMs: 0 }
  const [, digestRows] = await batch([pinSettings(scope, noLimits), askDigests(scope)])
  const digests = readDigests(digestRows?.[0])
  const parts = digests.parts ?? []
  const parameters = { parts: parts.map(({ part }) => part), max_bytes: Number.MAX_SAFE_INTEGER }
  const [, objectRows] = await batch([pinSettings(scope, noLimits, parameters), askObjects(scope)])
  return { digests: { ...digests, parts }, objects: readObjects(objectRows?.[0]).objects }
}

/**
 * The catalog's half of the expected schema.
 *
 * @param made what the migrations make
 * @param restored the same after a dump and restore: where Postgres then prints something otherwise, both are accepted
 */
export function expectedCatalog(
  made: WholeCatalog,
  restored: WholeCatalog = made,
): Pick<ExpectedSchema, 'question' | 'digests' | 'parts'> {
  const key = (object: CatalogObject) => JSON.stringify([object.part, object.kind, object.name])
  const after = new Map(restored.objects.map((object) => [key(object), object.definition]))
  const digestsAfter = new Map(restored.digests.parts?.map(({ part, digest }) => [part, digest]))
  const parts: Record<string, ExpectedPart & { objects: ExpectedObject[] }> = {}
  for (const { part, digest } of made.digests.parts ?? []) {
    parts[part] = { digests: unique([digest, digestsAfter.get(part)]), objects: [] }
  }
  for (const object of made.objects) {
    const { part, kind, name, definition } = object
    const [, ...alternatives] = unique([definition, after.get(key(object))])
    parts[part]?.objects.push([kind, name, definition, ...alternatives])
  }
  const digests = [made, restored].flatMap(({ digests: d }) => [d.digest, d.digestWithoutQueries])
  return { question: questionVersion, digests: unique(digests), parts }
}

function unique(values: readonly (string | undefined)[]): [string, ...string[]] {
  return [...new Set(values.filter((value) => value !== undefined))] as [string, ...string[]]
}
