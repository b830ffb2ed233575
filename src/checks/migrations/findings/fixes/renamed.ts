import type { Difference } from '../../comparison/diff-catalog.ts'
import { localName } from '../object-name.ts'

/** The extra object that has the definition of this missing one: it was renamed. */
export function renamedFrom(missing: Difference, differences: readonly Difference[]): Difference | undefined {
  if (missing.difference !== 'missing') return undefined
  const { alike, position } = sameDefinition(missing, differences)
  return alike.filter(({ difference }) => difference === 'extra')[position]
}

/** The missing object that has the definition of this extra one. */
export function newNameOf(extra: Difference, differences: readonly Difference[]): Difference | undefined {
  if (extra.difference !== 'extra') return undefined
  const { alike, position } = sameDefinition(extra, differences)
  return alike.filter(({ difference }) => difference === 'missing')[position]
}

/** Of several with one definition, the first missing one is paired with the first extra one. */
function sameDefinition(one: Difference, differences: readonly Difference[]) {
  const text = withoutName(one)
  const alike = differences.filter(
    (other) => other.kind === one.kind && other.part === one.part && withoutName(other) === text,
  )
  return { alike, position: alike.filter((each) => each.difference === one.difference).indexOf(one) }
}

/** An index, a trigger and a rule have their name in their definition, a constraint and a policy have not. */
export function withoutName({
  kind,
  name,
  expected,
  found = expected,
}: Pick<Difference, 'kind' | 'name' | 'expected' | 'found'>): string | undefined {
  if (kind === 'index') return found?.replace(` ${localName(name)} ON `, ' ON ')
  if (kind === 'trigger' || kind === 'rule') return found?.replace(` ${name} `, ' ')
  return found
}
