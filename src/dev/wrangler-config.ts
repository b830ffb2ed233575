import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ParseError, parse as parseJsonc, printParseErrorCode } from 'jsonc-parser'
import { parse as parseToml, TomlError } from 'smol-toml'
import { isRecord } from '../core/is-record.ts'
import { StartError } from './start-error.ts'

/** Wrangler reads the first of them that is there (its `findWranglerConfig`). */
const notations = ['wrangler.json', 'wrangler.jsonc', 'wrangler.toml'] as const

/** The configuration of the Worker as it was found. */
export interface WranglerConfig {
  /** As `wrangler.toml`. */
  readonly fileName: string
  readonly values: Readonly<Record<string, unknown>>
}

/**
 * Reads wrangler's configuration, in any of its notations
 * (https://developers.cloudflare.com/workers/wrangler/configuration/).
 *
 * @returns undefined when there is none
 * @throws {StartError} when it cannot be read; without its text, which may hold a secret
 */
export function readWranglerConfig(directory: string): WranglerConfig | undefined {
  const fileName = notations.find((name) => existsSync(join(directory, name)))
  if (fileName === undefined) return undefined
  const text = readFileSync(join(directory, fileName), 'utf8')
  return { fileName, values: fileName.endsWith('.toml') ? valuesOfToml(text) : valuesOfJson(text, fileName) }
}

function valuesOfToml(text: string): Readonly<Record<string, unknown>> {
  try {
    return parseToml(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw new StartError(`wrangler.toml is not TOML: see line ${error.line}, column ${error.column}.`)
  }
}

function valuesOfJson(text: string, fileName: string): Readonly<Record<string, unknown>> {
  const errors: ParseError[] = []
  const values: unknown = parseJsonc(text, errors, { allowTrailingComma: true })
  const [error] = errors
  if (error) {
    const before = text.slice(0, error.offset).split('\n')
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
    throw new StartError(`${fileName} is not JSON (${printParseErrorCode(error.error)}): see ${place}.`)
  }
  if (!isRecord(values)) throw new StartError(`${fileName} is not a JSON object.`)
  return values
}
