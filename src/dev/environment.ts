import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { isVariable } from '../config/variables.ts'
import { errorCode } from '../core/error-code.ts'
import { StartError } from './start-error.ts'

/** Variables by name. What is not set is absent: an empty string is unset, too. */
export type Variables = Readonly<Record<string, string>>

/** Which variables of the process are meant for the Worker. */
export function workerVariables(environment: Variables): Variables {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => isVariable(name)))
}

/** Without what is empty. */
export function setVariables(environment: Readonly<Record<string, string | undefined>>): Variables {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1])),
  )
}

/**
 * The files in which people keep the variables of `wrangler dev`: `.dev.vars`, or `.env` and `.env.local` when there
 * is none (https://developers.cloudflare.com/workers/configuration/secrets/#local-development-with-secrets).
 *
 * @param environment of wrangler: its `.dev.vars.NAME` is read instead of `.dev.vars`, where there is one
 * @throws {StartError} when one is there and cannot be read
 */
export function readVariableFiles(directory: string, environment?: string): Variables {
  const own = environment === undefined ? [] : [`.dev.vars.${environment}`]
  const first = [...own, '.dev.vars'].find((name) => existsSync(join(directory, name)))
  const names = first === undefined ? ['.env', '.env.local'] : [first]
  const found = names.map((name) => join(directory, name)).filter((path) => existsSync(path))
  return setVariables(Object.assign({}, ...found.map(parsed)))
}

/** @throws {StartError} when it cannot be read */
export const readVariableFile = (path: string): Variables => setVariables(parsed(path))

function parsed(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new StartError(
      `${path} cannot be read (${errorCode(error)}): make it a file that you may read, or remove it.`,
    )
  }
}

/**
 * The variables as a file for `wrangler dev --env-file`, which reads it with dotenv 16 and dotenv-expand 12: nothing is
 * escaped between quotes, and `$` begins a reference unless a backslash stands before it.
 * @throws {RangeError} that names the variable whose value no kind of quote can hold
 */
export function environmentFile(variables: Variables): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join('')
}

function quoted(name: string, value: string): string {
  const quote = ["'", '`', '"'].find((candidate) => !value.includes(candidate))
  const cannot = (what: string) =>
    new RangeError(`${name} holds ${what}: it cannot be passed to wrangler dev.`)
  if (!quote) throw cannot('single, double and back quotes')
  // Between double quotes dotenv makes a line break of \n.
  if (quote === '"' && /\\[nr]/.test(value)) throw cannot('single and back quotes, and \\n or \\r')
  return `${quote}${value.replaceAll('$', '\\$')}${quote}`
}
