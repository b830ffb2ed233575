import type { Difference } from '../../comparison/diff-catalog.ts'
import { localName, objectName } from '../object-name.ts'
import type { Statements } from './fix.ts'
import { newNameOf, withoutName } from './renamed.ts'
import { ownerOf } from './sequence-definition.ts'

/** Objects that have each other's names, or one of which has to give its name to the next: they are renamed in one transaction. */
interface Together {
  /** The difference that has the statements; the others have none. */
  readonly leader: Difference
  readonly statements: Statements
}

/** The name that something has, and the one that it has to have, in the order in which they become free. */
type Rename = readonly [from: string, to: string]

type Differences = readonly Difference[]

const renamable: readonly Difference['kind'][] = ['constraint', 'index', 'sequence']

/** What is renamed where nothing else has to do with it. */
const renamedAlone: readonly Difference['kind'][] = ['constraint', 'index', 'trigger', 'rule', 'policy']

/** What a difference is renamed with; undefined where nothing is, or where it is one object alone that `renamedFrom` knows. */
export function renamedTogether(one: Difference, differences: Differences): Together | undefined {
  if (!renamable.includes(one.kind)) return undefined
  const { others, renames } = candidatesOf(one, differences)
  const ordered = inOrder(one.name, others, renames)
  if (ordered === undefined || (ordered.length === 1 && one.kind !== 'sequence')) return undefined
  const leader = others.find(
    ({ name, expected }) => expected !== undefined && ordered.some(([, to]) => to === name),
  )
  return leader && { leader, statements: throughThird(ordered).map(([from, to]) => rename(one, from, to)) }
}

interface Candidates {
  /** Differences of the kind whose names are in one place. */
  readonly others: Differences
  readonly renames: readonly Rename[]
}

/** Each shown finding asks for them, some of them several times, and there may be a thousand differences. */
const known = new WeakMap<Differences, Map<string, Candidates>>()

function candidatesOf({ kind, part }: Difference, differences: Differences): Candidates {
  const ofAll = known.get(differences) ?? new Map<string, Candidates>()
  known.set(differences, ofAll)
  // The names of sequences and indexes are those of their schema, and the definition of an index names its table.
  const place = kind === 'constraint' ? `${kind} ${part}` : kind
  const found = ofAll.get(place)
  if (found) return found
  const others = differences.filter(
    (other) => other.kind === kind && (kind !== 'constraint' || other.part === part),
  )
  const renames = kind === 'sequence' ? sequencePairs(others, differences) : pairs(others)
  const candidates = { others, renames }
  ofAll.set(place, candidates)
  return candidates
}

/** What has the definition of another, where just one has it and just one needs it. */
function pairs(others: Differences): Rename[] {
  const holders = byDefinition(others, ({ found }) => found)
  return [...byDefinition(others, ({ expected }) => expected)].flatMap(([definition, names]) => {
    const [wanted, ...alike] = names
    const [holder, ...more] = holders.get(definition) ?? []
    const isOnly = alike.length === 0 && more.length === 0
    return wanted !== undefined && holder !== undefined && isOnly ? [[holder, wanted] as const] : []
  })
}

/** Names by the definition without them. */
function byDefinition(
  differences: Differences,
  definitionOf: (difference: Difference) => string | undefined,
): Map<string | undefined, string[]> {
  const names = new Map<string | undefined, string[]>()
  for (const difference of differences) {
    const found = definitionOf(difference)
    if (found === undefined) continue
    const text = withoutName({ ...difference, found })
    const alike = names.get(text)
    if (alike) alike.push(difference.name)
    else names.set(text, [difference.name])
  }
  return names
}

/** One that belongs to the same column, or that a default names in its place: Postgres renames it there too. */
function sequencePairs(others: Differences, differences: Differences): Rename[] {
  const naming = differences.filter(({ expected = '' }) => expected.includes("'::regclass"))
  const all = others.flatMap((wanted) => {
    if (wanted.expected === undefined) return []
    const [holder, ...more] = others.filter(
      (other) =>
        other.part === wanted.part &&
        other.found === wanted.expected &&
        (ownerOf(other.found) !== undefined || isNamedInstead(other.name, wanted.name, naming)),
    )
    return holder && more.length === 0 ? [[holder.name, wanted.name] as const] : []
  })
  // One may have taken the place of several.
  return all.filter(([from]) => all.filter(([other]) => other === from).length === 1)
}

const literal = (name: string): string => `'${name.replaceAll("'", "''")}'::regclass`

const isNamedInstead = (holder: string, wanted: string, differences: Differences): boolean =>
  differences.some(
    ({ expected = '', found }) =>
      expected.includes(literal(wanted)) && found === expected.replaceAll(literal(wanted), literal(holder)),
  )

/** Those that this name has to do with; undefined where one of the names does not become free, or would be left without its object. */
function inOrder(name: string, others: Differences, renames: readonly Rename[]): Rename[] | undefined {
  const fromOf = new Map(renames.map(([from, to]) => [to, from]))
  const toOf = new Map(renames)
  let first = name
  for (let to = toOf.get(first); to !== undefined && to !== name; to = toOf.get(first)) first = to
  const isCircle = toOf.has(first)
  if (!isCircle && others.some((other) => other.found !== undefined && other.name === first)) return undefined
  const ordered: Rename[] = []
  let to = first
  for (let from = fromOf.get(to); from !== undefined; from = from === first ? undefined : fromOf.get(to)) {
    ordered.push([from, to])
    to = from
  }
  const isLeft = !isCircle && others.some((other) => other.difference === 'changed' && other.name === to)
  return ordered.length === 0 || isLeft ? undefined : ordered
}

/** In a circle, no name is free: the first is kept for the last. */
function throughThird(renames: readonly Rename[]): readonly Rename[] {
  const [[, first] = ['', '']] = renames
  const [last, to] = renames.at(-1) ?? ['', '']
  if (last !== first) return renames
  const third = `${first.slice(0, first.length - localName(first).length)}edge_health_renamed`
  return [[last, third], ...renames.slice(0, -1), [third, to]]
}

function rename({ kind, part }: Difference, from: string, to: string): string {
  if (kind === 'constraint') return `ALTER TABLE ${part} RENAME CONSTRAINT ${from} TO ${to}`
  return `ALTER ${kind.toUpperCase()} ${from} RENAME TO ${localName(to)}`
}

/** The difference whose fix renames what this one is about too; undefined where none does. */
export function renamedBy(difference: Difference, differences: Differences): Difference | undefined {
  const alone = renamedAlone.includes(difference.kind) ? newNameOf(difference, differences) : undefined
  return renamedTogether(difference, differences)?.leader ?? alone
}

/**
 * Why a difference that a rename fixes, or may fix, has no statement of its own; undefined for all else.
 *
 * @param hasFix whether a difference has statements that are shown
 */
export function whyNoRename(
  difference: Difference,
  differences: Differences,
  hasFix: (difference: Difference) => boolean,
): string | undefined {
  const leader = renamedBy(difference, differences)
  if (leader && leader !== difference) {
    const name = objectName(leader)
    return hasFix(leader) ? `the fix of ${name} renames it` : `it may be ${name} under another name`
  }
  if (difference.kind !== 'sequence' || difference.difference !== 'missing') return undefined
  const twin = differences.find(
    ({ kind, part, expected, found }) =>
      kind === 'sequence' &&
      expected === undefined &&
      part === difference.part &&
      found === difference.expected,
  )
  return (
    twin &&
    `${twin.name} may be this one under another name (then: ${rename(twin, twin.name, difference.name)}), or one of its own: only you know`
  )
}
