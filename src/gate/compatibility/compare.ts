import type { Catalog, CatalogColumn, CatalogConstraint, CatalogRelation } from './catalog.ts'
import { revokedRights } from './rights.ts'

/** What a release misses in the schema of the other one. */
export interface Incompatibility {
  /** `running`: the release that runs now, on the new schema. `new`: the new release, on the schema of now. */
  readonly release: 'running' | 'new'
  /** Certain for an application with Drizzle's models, which name every column; else it depends on its code or its rows. */
  readonly isCertain: boolean
  /** `public.orders`, `public.orders.total`. */
  readonly object: string
  /** The rest of a sentence that begins with the object: `is dropped`. */
  readonly what: string
}

/**
 * Compares what two releases can name. When a name is gone, a relation is looked for by oid and a column by attnum, so that a
 * rename does not count as a drop with an addition. Enums are compared by name alone, because drizzle-kit drops them and
 * makes them again to change their values.
 */
export function compareCatalogs(before: Catalog, after: Catalog): Incompatibility[] {
  const found: Incompatibility[] = []
  const running = (isCertain: boolean, object: string, what: string) =>
    found.push({ release: 'running', isCertain, object, what })
  const missing = (object: string, what: string) =>
    found.push({ release: 'new', isCertain: true, object, what })
  const byOid = new Map(after.relations.map((relation) => [relation.oid, relation]))
  const byName = new Map(after.relations.map((relation) => [relation.name, relation]))
  const matched = new Set(before.relations.filter(isPartition).map(({ oid }) => oid))
  for (const old of before.relations) {
    if (isPartition(old)) continue
    // The old name may now belong to something else, for example to a view over the renamed table.
    const same = byOid.get(old.oid)
    const now = byName.get(old.name) ?? same
    if (!now) {
      // A sequence that a column owns by now is not named any more, and can be.
      if (after.rights.some(({ key, object }) => key === `relation ${old.oid}` && object === old.name))
        continue
      running(true, old.name, 'is dropped')
      continue
    }
    matched.add(now.oid)
    if (now.name !== old.name) {
      running(true, old.name, `is now ${now.name}`)
      missing(now.name, `is still ${old.name}`)
    }
    if (!same && holdsRows(old)) running(true, old.name, 'is dropped and made again: its rows are lost')
    if (same && same !== now && holdsRows(same) && holdsRows(now) && !isPartition(same))
      running(false, old.name, `is another table now: its rows are in ${same.name}`)
    found.push(...compareRelations(old, now))
  }
  for (const relation of after.relations)
    if (!matched.has(relation.oid) && !isPartition(relation)) missing(relation.name, 'is new')
  found.push(...compareEnums(before, after))
  for (const name of before.functions) if (!after.functions.includes(name)) running(true, name, 'is dropped')
  for (const name of after.functions) if (!before.functions.includes(name)) missing(name, 'is new')
  for (const { object, right } of revokedRights(before.rights, after.rights))
    running(false, object, `no longer gives ${right}`)
  return found
}

const isPartition = (relation: CatalogRelation) => relation.isPartition

const holdsRows = ({ kind }: CatalogRelation) => kind === 'r' || kind === 'p'

function compareRelations(old: CatalogRelation, now: CatalogRelation): Incompatibility[] {
  const sameRelation = now.oid === old.oid
  const found: Incompatibility[] = []
  const running = (isCertain: boolean, object: string, what: string) =>
    found.push({ release: 'running', isCertain, object, what })
  const missing = (object: string, what: string) =>
    found.push({ release: 'new', isCertain: true, object, what })
  const matched = new Set<CatalogColumn>()
  for (const column of old.columns) {
    const same = now.columns.find((each) =>
      sameRelation ? each.place === column.place : each.name === column.name,
    )
    const name = `${old.name}.${column.name}`
    if (same) {
      matched.add(same)
      if (same.name !== column.name) {
        running(true, name, `is now ${same.name}`)
        missing(`${now.name}.${same.name}`, `is still ${column.name}`)
      }
      if (holdsRows(old) && holdsRows(now))
        for (const [isCertain, what] of changesOf(column, same)) running(isCertain, name, what)
      continue
    }
    const again = now.columns.find((each) => each.name === column.name)
    if (again) matched.add(again)
    running(true, name, again ? 'is dropped and added again: its data is lost' : 'is dropped')
  }
  for (const column of now.columns) {
    if (matched.has(column)) continue
    const name = `${now.name}.${column.name}`
    missing(name, 'is new')
    if (holdsRows(now) && column.notNull && !column.hasDefault)
      running(true, name, 'is new, NOT NULL and has no default: every insert of the running release fails')
  }
  found.push(...compareRules(old, now))
  return found
}

function changesOf(old: CatalogColumn, now: CatalogColumn): (readonly [isCertain: boolean, what: string])[] {
  const changes: (readonly [boolean, string])[] = []
  if (now.isGenerated && !old.isGenerated)
    changes.push([true, 'became GENERATED ALWAYS: explicit values are refused'])
  else if (now.notNull && !now.hasDefault && old.hasDefault && old.notNull)
    changes.push([true, 'lost its default: inserts that leave it out fail'])
  if (now.notNull && !old.notNull)
    changes.push([false, `became NOT NULL${now.hasDefault ? ' (it has a default)' : ''}`])
  if (!now.notNull && old.notNull) changes.push([false, 'may now be null'])
  if (now.type !== old.type) changes.push([false, `was ${old.type} and is now ${now.type}`])
  else if (now.collation !== old.collation) changes.push([false, 'has another collation'])
  return changes
}

const constraintNames: Readonly<Record<string, string>> = {
  c: 'a CHECK',
  f: 'a foreign key',
  p: 'a primary key',
  u: 'a UNIQUE',
  x: 'an EXCLUDE',
}

/** A constraint over columns that are all new cannot refuse what the running release writes. */
function compareRules(old: CatalogRelation, now: CatalogRelation): Incompatibility[] {
  const places = new Set(old.columns.map(({ place }) => place))
  const kept = new Set(old.constraints.map(({ oid }) => oid))
  // One that is made again is the same by these; in another relation, places say nothing.
  const identity = ({ type, name, columns, target }: CatalogConstraint) =>
    JSON.stringify([type, name, target, type === 'c' || now.oid !== old.oid ? [] : columns.toSorted()])
  const known = new Set(old.constraints.map(identity))
  const possible = (what: string): Incompatibility => ({
    release: 'running',
    isCertain: false,
    object: old.name,
    what,
  })
  const constraints = now.constraints
    .filter(
      (each) =>
        !kept.has(each.oid) && !known.has(identity(each)) && each.columns.some((place) => places.has(place)),
    )
    .map(({ name, type }) => possible(`has ${constraintNames[type] ?? 'a constraint'} more, ${name}`))
  // What is dropped and added again under its name may be narrower.
  const otherChecks = now.constraints.filter(
    ({ name, oid, type, check }) =>
      type === 'c' &&
      old.constraints.some(
        (each) => each.type === 'c' && each.name === name && each.oid !== oid && each.check !== check,
      ),
  )
  const lostKeys = old.uniqueKeys.filter((key) => !now.uniqueKeys.includes(key))
  const stillThere = (key: string) =>
    key.split(' ').every((place) => now.columns.some((each) => String(each.place) === place))
  return [
    ...constraints,
    ...otherChecks.map(({ name }) => possible(`has another CHECK, ${name}`)),
    ...(now.oid === old.oid && holdsRows(old) ? lostKeys : [])
      .filter(stillThere)
      .map((key) =>
        possible(`has no unique index any more over ${columnsOf(old, key)}, which ON CONFLICT may name`),
      ),
    ...(now.hasRowSecurity && !old.hasRowSecurity
      ? [possible('has row level security: rows may vanish')]
      : []),
    ...(now.forcesRowSecurity && !old.forcesRowSecurity && old.hasRowSecurity
      ? [possible('has row level security for its owner too: rows may vanish')]
      : []),
    ...(now.hasRowSecurity && now.policies.join() !== old.policies.join() && old.hasRowSecurity
      ? [possible('has other policies: rows may vanish')]
      : []),
    ...now.triggers
      .filter((name) => !old.triggers.includes(name))
      .map((name) => possible(`has a new trigger, ${name}`)),
  ]
}

const columnsOf = ({ columns }: CatalogRelation, key: string): string =>
  key
    .split(' ')
    .map((place) => columns.find((column) => String(column.place) === place)?.name ?? place)
    .join(', ')

function compareEnums(before: Catalog, after: Catalog): Incompatibility[] {
  return before.enums.flatMap(({ name, labels }): Incompatibility[] => {
    const now = after.enums.find((each) => each.name === name)
    // A column that used it is another type now, which is said of the column.
    if (!now) return []
    const gone = labels.filter((label) => !now.labels.includes(label))
    const added = now.labels.filter((label) => !labels.includes(label))
    return [
      ...gone.map(
        (label): Incompatibility => ({
          release: 'running',
          isCertain: true,
          object: name,
          what: `has no value '${label}' any more`,
        }),
      ),
      ...added.flatMap((label): Incompatibility[] => [
        {
          release: 'running',
          isCertain: false,
          object: name,
          what: `has a new value '${label}', which the running release may read and not know`,
        },
        { release: 'new', isCertain: true, object: name, what: `has no value '${label}' yet` },
      ]),
    ]
  })
}
