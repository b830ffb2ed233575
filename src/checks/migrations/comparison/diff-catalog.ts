import { type ExpectedPart, headKinds, type Kind, readObject } from '../expected-schema.ts'
import type { ChangedPart, Differing } from '../queries/differing.ts'

/** One difference between the expected schema and the live catalog. */
export interface Difference {
  readonly difference: 'missing' | 'changed' | 'extra'
  readonly kind: Kind
  /** The part it is in, and what that part is named after: an extra column of a table is not one of a view. */
  readonly part: string
  readonly partKind: Kind | null
  readonly name: string
  /** What the migrations make; absent when the object is extra. */
  readonly expected?: string
  /** What is there; absent when the object is missing. */
  readonly found?: string
  /** Of a column that is extra or missing: its domain refuses NULL, and nothing fills it. */
  readonly requiredByDomain?: boolean
  /** Of an extra table: the migrations make tables of such a name, or of any name, for rows that only a live database has. */
  readonly madeForRows?: 'named so' | 'of any name'
  /** Why no statement for it is certain, where that is for want of an extension at the compile. */
  readonly uncertain?: string
}

/** The differences between the expected schema and the live catalog, by what Postgres said differs. */
export function diffCatalog({
  missing,
  changed,
  extra,
}: Omit<Differing, 'leftOut' | 'moreExtra'>): Difference[] {
  return collapseSchemas([
    ...missing.flatMap(missingPart),
    ...extra.map(
      ({ part, kind }): Difference => ({ difference: 'extra', kind, part, partKind: kind, name: '' }),
    ),
    ...changed.flatMap(changedObjects),
  ])
}

const isHead = (kind: Kind, name: string) => name === '' && headKinds.includes(kind)

function missingPart(expected: ExpectedPart): Difference[] {
  const { part, kind, objects } = expected
  // What belongs to no table is always described by its objects.
  if (part === '') return changedObjects({ part: expected, expected: objects.map(readObject), live: [] })
  // A view's text goes with the view.
  if (kind === null || kind === 'query') return []
  return [{ difference: 'missing', kind, part, partKind: kind, name: '' }]
}

function changedObjects({ part: { part, kind: partKind }, expected, live }: ChangedPart): Difference[] {
  const key = (kind: Kind, name: string) => `${kind} ${name}`
  const found = new Map(live.map((object) => [key(object.kind, object.name), object]))
  const differences: Difference[] = []
  for (const { kind, name, definition } of expected) {
    const object = found.get(key(kind, name))
    found.delete(key(kind, name))
    const common = { kind, part, partKind, name, expected: definition }
    if (object) differences.push({ difference: 'changed', ...common, found: object.definition })
    else differences.push({ difference: 'missing', ...common })
  }
  for (const { kind, name, definition } of found.values()) {
    differences.push({ difference: 'extra', kind, part, partKind, name, found: definition })
  }
  const head = differences.filter(({ kind, name }) => isHead(kind, name))
  // Another kind of relation under the same name: everything in it differs, which says nothing more.
  return head.some(({ difference }) => difference === 'missing') ? head : differences
}

/** A missing schema is one difference: what was in it is left out. */
function collapseSchemas(differences: readonly Difference[]): Difference[] {
  const missing = differences.filter((d) => d.kind === 'schema' && d.difference === 'missing')
  const inside = ({ part, name }: Difference) =>
    missing.some((schema) => (part || name).startsWith(`${schema.name}.`))
  return differences.filter((difference) => !inside(difference))
}
