import type { Differing, LiveObject } from './differing.ts'
import type { ExpectedObject, ExpectedSchema, Kind } from './expected.ts'

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

/**
 * Compares the live catalog with the expected schema, by what Postgres said differs.
 */
export function diffCatalog({ parts }: Pick<ExpectedSchema, 'parts'>, differing: Differing): Difference[] {
  const missing = differing.missing.flatMap((part): Difference[] => {
    const kind = partKind(parts, part)
    // A view's text goes with the view.
    if (kind === undefined || kind === 'query') return []
    return [{ difference: 'missing', kind, part, partKind: kind, name: '' }]
  })
  const extra = differing.extra.map(
    ({ part, kind }): Difference => ({ difference: 'extra', kind, part, partKind: kind, name: '' }),
  )
  return collapseSchemas([...missing, ...extra, ...diffObjects({ parts }, differing)])
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

function diffObjects(
  { parts }: Pick<ExpectedSchema, 'parts'>,
  { changed }: Pick<Differing, 'changed'>,
): Difference[] {
  return changed.flatMap(({ part, objects }) => {
    const expected = parts[part]?.objects ?? []
    const differences = diffPart(part, partKind(parts, part), expected, objects)
    const head = differences.filter(({ kind, name }) => name === '' && heads.includes(kind))
    // Another kind of relation under the same name: everything in it differs, which says nothing more.
    return head.some(({ difference }) => difference === 'missing') ? head : differences
  })
}

function diffPart(
  part: string,
  kindOfPart: Kind | undefined,
  expected: readonly ExpectedObject[],
  live: readonly LiveObject[],
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
function collapseSchemas(differences: readonly Difference[]): Difference[] {
  const missing = differences.filter((d) => d.kind === 'schema' && d.difference === 'missing')
  const inside = ({ kind, part, name }: Difference) =>
    kind !== 'schema' && missing.some((schema) => (part || name).startsWith(`${schema.name}.`))
  return differences.filter((difference) => !inside(difference))
}
