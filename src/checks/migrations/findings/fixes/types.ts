import type { Fix } from './fix.ts'

/** Values can be added and renamed; another order cannot be had without making the type anew. */
export const enumFix: Fix = ({ difference, name, expected = '', found = '' }) => {
  if (difference === 'extra') return undefined
  if (difference === 'missing') return [`CREATE TYPE ${name} AS ENUM (${expected})`]
  const [want, have] = [labels(expected), labels(found)]
  if (isSubsequence(have, want)) {
    return want.flatMap((label, i) => {
      if (have.includes(label)) return []
      const place = i === 0 ? `BEFORE ${have[0]}` : `AFTER ${want[i - 1]}`
      return [`ALTER TYPE ${name} ADD VALUE IF NOT EXISTS ${label}${have.length > 0 ? ` ${place}` : ''}`]
    })
  }
  const [index = 0, ...more] = have.flatMap((label, i) => (label === want[i] ? [] : [i]))
  const renamed = want.length === have.length && more.length === 0 && !have.includes(want[index] ?? '')
  return renamed ? [`ALTER TYPE ${name} RENAME VALUE ${have[index]} TO ${want[index]}`] : undefined
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
