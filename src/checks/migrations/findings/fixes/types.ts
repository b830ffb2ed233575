import type { Difference } from '../../comparison/diff-catalog.ts'
import type { Fix } from './fix.ts'

/** Values can be added and renamed; another order cannot be had without making the type anew. */
export const enumFix: Fix = (difference, { differences }) => {
  const { name, expected = '', found = '' } = difference
  if (difference.difference === 'extra') return undefined
  if (difference.difference === 'missing') return [`CREATE TYPE ${name} AS ENUM (${expected})`]
  const [want, have] = [labels(expected), labels(found)]
  if (isSubsequence(have, want)) return additions(name, have, want)
  const value = renamedValue(want, have)
  if (!value || !differences.some((other) => saysOtherwise(other, name, value))) return undefined
  return [`${rename(name, value)} /* ${value.old} is taken for the old name of ${value.new} */`]
}

/** The statements that add what `from` has not. */
const additions = (name: string, from: readonly string[], to: readonly string[]) =>
  to.flatMap((label, i) => {
    if (from.includes(label)) return []
    const place = i === 0 ? `BEFORE ${from[0]}` : `AFTER ${to[i - 1]}`
    return [`ALTER TYPE ${name} ADD VALUE IF NOT EXISTS ${label}${from.length > 0 ? ` ${place}` : ''}`]
  })

interface RenamedValue {
  /** As it is in the database. */
  readonly old: string
  readonly new: string
}

const rename = (name: string, value: RenamedValue) =>
  `ALTER TYPE ${name} RENAME VALUE ${value.old} TO ${value.new}`

/** The one value that has another name at the same place; undefined where more differs. */
function renamedValue(want: readonly string[], have: readonly string[]): RenamedValue | undefined {
  const [index = 0, ...more] = have.flatMap((label, i) => (label === want[i] ? [] : [i]))
  const [old, name] = [have[index], want[index]]
  if (want.length !== have.length || more.length > 0 || old === undefined || name === undefined)
    return undefined
  return have.includes(name) ? undefined : { old, new: name }
}

/**
 * Whether something else differs in just that value. Only RENAME VALUE does that by itself: Postgres keeps a value by its
 * number in what uses it. Without such a thing, one value may have been given up and another one added.
 */
function saysOtherwise({ expected = '', found }: Difference, name: string, value: RenamedValue): boolean {
  const literal = (label: string) => `${label}::${name}`
  return (
    expected.includes(literal(value.new)) &&
    found === expected.replaceAll(literal(value.new), literal(value.old))
  )
}

const anew = (name: string) =>
  `rename the type, make it anew, change its columns (ALTER COLUMN … TYPE ${name} USING …::text::${name}; without their defaults, indexes and views meanwhile), and drop the old one`

/** Why the difference of an enum has no statement, and what to do; undefined for all else. */
export function whyNoEnumFix({
  kind,
  difference,
  name,
  expected = '',
  found = '',
}: Difference): string | undefined {
  if (kind !== 'enum' || difference !== 'changed') return undefined
  const [want, have] = [labels(expected), labels(found)]
  const value = renamedValue(want, have)
  if (value)
    return `${value.old} may be ${value.new} under another name (then: ${rename(name, value)}), or one was given up and the other added: only you know`
  if (!isSubsequence(want, have))
    return `Postgres neither drops a value of an enum nor changes the order. Where no row has what is extra: ${anew(name)}`
  return `Postgres cannot drop a value of an enum. To keep it, write a migration that adds it where it is not: ${additions(name, want, have).join('; ')}. To lose it, where no row has it: ${anew(name)}`
}

/** Whether it adds a value to an enum, which no other statement of the same transaction can use. */
export const addsValue = (statement: string): boolean =>
  /^ALTER TYPE .* ADD VALUE IF NOT EXISTS '/s.test(statement)

const labels = (list: string): string[] => list.match(/'(?:[^']|'')*'/g) ?? []

function isSubsequence(some: readonly string[], all: readonly string[]): boolean {
  let i = 0
  for (const value of all) if (value === some[i]) i++
  return i === some.length
}

export const domainFix: Fix = ({ difference, name, expected }) =>
  difference === 'missing' ? [`CREATE DOMAIN ${name} AS ${expected}`] : undefined
