import { type Environment, textOf } from './reader.ts'

/** No more of a name is repeated in a sentence, and nothing that is not a name. */
const printable = /^[A-Z][A-Z0-9_]{0,79}$/i

/**
 * The name of another variable that holds what is missing. Marketplaces put a prefix of the user's choice before the
 * names that they set, such as `STORAGE_DATABASE_URL`.
 *
 * @param endings of names; an earlier one goes before a later one
 * @param pattern of its value
 */
export function similarVariable(
  environment: Environment,
  endings: readonly string[],
  pattern: RegExp,
): string | undefined {
  const names = Object.keys(environment).filter(
    (name) => printable.test(name) && pattern.test(textOf(environment[name]) ?? ''),
  )
  for (const ending of endings) {
    const found = names.find((name) => name.endsWith(ending))
    if (found !== undefined) return found
  }
  return undefined
}
