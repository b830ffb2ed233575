import type { Option } from 'commander'
import { commaList } from './comma-list.ts'
import { UsageError } from './usage-error.ts'

/**
 * commander takes an empty word for a value, and also the next option.
 *
 * @throws {UsageError} for an option whose value is missing
 */
export function assertOptionValues(args: readonly string[], declared: readonly Option[]): void {
  const end = args.indexOf('--')
  const words = end < 0 ? args : args.slice(0, end)
  for (const [index, word] of words.entries()) {
    const [name = '', inline] = word.split('=', 2)
    if (!declared.some(({ long, required }) => required && long === name)) continue
    const value = inline ?? words[index + 1]
    if (!value) throw new UsageError(`${name} needs a value.`)
    if (inline === undefined && value.startsWith('-')) {
      throw new UsageError(`${name} needs a value (one that begins with a dash is written ${name}=VALUE).`)
    }
  }
}

/** For an option that may be given more than once: every value, in order. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  value,
]

/** As `collect`, where a value may hold several words, separated by commas. */
export const collectWords = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  ...commaList([value]),
]
