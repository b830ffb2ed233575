import type { ExpectedObject, ExpectedSchema, Kind } from './expected.ts'
import type { CatalogObject, PartDigest } from './question.ts'

/** One difference between the expected schema and the live catalog. */
export interface Difference {
  readonly difference: 'missing' | 'changed' | 'extra'
  readonly kind: Kind
  /** The part it is in, and what that part is named after: an extra column of a table is not one of a view. */
  readonly part: string
  readonly partKind: Kind | undefined
  readonly name: string
  /** What the migrations make; absent when the object is extra. */
  readonly expected?: string
  /** What is there; absent when the object is missing. */
  readonly found?: string
}

/** What the parts' digests say. */
export interface PartsDiff {
  /** Whole tables, views and routines: one difference each, whatever belongs to them. */
  readonly differences: readonly Difference[]
  /** Parts on both sides whose objects must be asked for. */
  readonly changed: readonly string[]
}

/**
 * Compares digests.
 *
 * @param withQueries whether the text of views counts: not on servers before 16, which print it otherwise
 */
export function diffParts(
  { parts }: Pick<ExpectedSchema, 'parts'>,
  live: readonly PartDigest[],
  withQueries: boolean,
): PartsDiff {
  const digests = new Map(live.map((part) => [part.part, part]))
  const differences: Difference[] = []
  const changed: string[] = []
  for (const [part, { digests: accepted }] of Object.entries(parts)) {
    const found = digests.get(part)
    // Most parts are in line, and looking for their kind costs more than comparing them.
    if (found && accepted.includes(found.digest)) continue
    const kind = partKind(parts, part)
    if (kind === 'query' && !withQueries) continue
    if (found) changed.push(part)
    // A view's text goes with the view.
    else if (kind && kind !== 'query')
      differences.push({ difference: 'missing', kind, part, partKind: kind, name: '' })
    // With nothing in it that belongs to no table, the live database lacks even the schemas.
    else if (part === '') changed.push(part)
  }
  for (const { part, kind } of live) {
    if (part in parts || kind === undefined || kind === 'query') continue
    differences.push({ difference: 'extra', kind, part, partKind: kind, name: '' })
  }
  if (!('' in parts) && digests.has('')) changed.push('')
  return { differences, changed }
}

const heads: readonly Kind[] = [
  'table',
  'view',
  'materialized view',
  'foreign table',
  'composite type',
  'routine',
  'query',
]

function partKind(parts: ExpectedSchema['parts'], part: string): Kind | undefined {
  return parts[part]?.objects.find(([kind, name]) => name === '' && heads.includes(kind))?.[0]
}

/** Compares the objects of the changed parts, all of which must have been answered. */
export function diffObjects(
  { parts }: Pick<ExpectedSchema, 'parts'>,
  changed: readonly string[],
  objects: readonly CatalogObject[],
): Difference[] {
  const live = new Map<string, CatalogObject[]>(changed.map((part) => [part, []]))
  for (const object of objects) live.get(object.part)?.push(object)
  return changed.flatMap((part) => {
    const expected = parts[part]?.objects ?? []
    const differences = diffPart(part, partKind(parts, part), expected, live.get(part) ?? [])
    const head = differences.filter(({ kind, name }) => name === '' && heads.includes(kind))
    // Another kind of relation under the same name: everything in it differs, which says nothing more.
    return head.some(({ difference }) => difference === 'missing') ? head : differences
  })
}

function diffPart(
  part: string,
  kindOfPart: Kind | undefined,
  expected: readonly ExpectedObject[],
  live: readonly CatalogObject[],
): Difference[] {
  const key = (kind: Kind, name: string) => `${kind} ${name}`
  const found = new Map(live.map((object) => [key(object.kind, object.name), object]))
  const differences: Difference[] = []
  for (const [kind, name, definition, ...alternatives] of expected) {
    const object = found.get(key(kind, name))
    found.delete(key(kind, name))
    if (object && [definition, ...alternatives].includes(object.definition)) continue
    const common = { kind, part, partKind: kindOfPart, name, expected: definition }
    if (object) differences.push({ difference: 'changed', ...common, found: object.definition })
    else differences.push({ difference: 'missing', ...common })
  }
  for (const { kind, name, definition } of found.values()) {
    differences.push({ difference: 'extra', kind, part, partKind: kindOfPart, name, found: definition })
  }
  return differences
}

/** A missing schema is one difference: what was in it is left out. */
export function collapseSchemas(differences: readonly Difference[]): Difference[] {
  const missing = differences.filter((d) => d.kind === 'schema' && d.difference === 'missing')
  const inside = ({ kind, part, name }: Difference) =>
    kind !== 'schema' && missing.some((schema) => (part || name).startsWith(`${schema.name}.`))
  return differences.filter((difference) => !inside(difference))
}
