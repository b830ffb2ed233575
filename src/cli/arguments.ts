import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { ArgsDef } from 'citty'
import { suggest } from './suggest.ts'
import { UsageError } from './usage-error.ts'

/**
 * citty reads arguments leniently: it drops unknown options, takes an option for another one's value, and keeps only
 * the last of a repeated option. These functions look at the same arguments and declarations, strictly.
 * @module
 */

/** @throws {UsageError} for an unknown option, a missing value, or more arguments than the command takes */
export function assertKnownArguments(rawArgs: readonly string[], declared: ArgsDef, takesRest = false): void {
  const names = Object.keys(declared).filter((name) => declared[name]?.type !== 'positional')
  const places = Object.keys(declared).length - names.length
  for (const token of tokens(rawArgs, declared)) {
    if (token.kind === 'positional' && token.nth > places && !takesRest) {
      throw new UsageError(`"${token.value}" is one argument too many.`)
    }
    if (token.kind === 'option') assertOption(token, declared, names)
  }
}

function assertOption(option: OptionToken, declared: ArgsDef, names: readonly string[]): void {
  const name = declared[option.name] ? option.name : option.name.replace(/^no-/, '')
  const type = declared[name]?.type
  if (!type || type === 'positional' || (name !== option.name && type !== 'boolean')) {
    const meant = suggest(option.name, [...names, 'help'])
    throw new UsageError(`Unknown option ${option.rawName}.${meant ? ` Did you mean --${meant}?` : ''}`)
  }
  if (type === 'boolean') return
  if (!option.value) throw new UsageError(`--${name} needs a value.`)
  if (!option.inlineValue && option.value.startsWith('-')) {
    throw new UsageError(`--${name} needs a value (one that begins with a dash is written --${name}=VALUE).`)
  }
}

/** Every value of an option that may be given more than once, in order. */
export function valuesOf(rawArgs: readonly string[], declared: ArgsDef, name: string): string[] {
  return tokens(rawArgs, declared).flatMap((token) =>
    token.kind === 'option' && token.name === name && token.value ? [token.value] : [],
  )
}

interface OptionToken {
  readonly kind: 'option'
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}

interface PositionalToken {
  readonly kind: 'positional'
  readonly value: string
  readonly nth: number
}

function tokens(rawArgs: readonly string[], declared: ArgsDef): (OptionToken | PositionalToken)[] {
  const options: NonNullable<ParseArgsConfig['options']> = {}
  for (const [name, definition] of Object.entries(declared)) {
    if (definition.type === 'positional') continue
    options[name] = { type: definition.type === 'boolean' ? 'boolean' : 'string' }
  }
  const parsed = parseArgs({
    args: [...rawArgs],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  let nth = 0
  return parsed.tokens.flatMap((token): (OptionToken | PositionalToken)[] => {
    if (token.kind === 'positional') return [{ kind: 'positional', value: token.value, nth: ++nth }]
    return token.kind === 'option' ? [token] : []
  })
}
