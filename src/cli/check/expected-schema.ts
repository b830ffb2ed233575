import { existsSync, readFileSync } from 'node:fs'
import { UsageError } from '../usage-error.ts'

/** Where the compile command writes. */
const defaultFile = '.edge-health/expected.json'

/**
 * The expected schema that the compile command wrote.
 *
 * @param named the file to read instead of the default one
 * @returns undefined when there is none: the migrations check then says so itself
 * @throws {UsageError} when the named file is missing, or one is no JSON
 */
export function readExpectedSchema(named: string | undefined): unknown {
  if (named === undefined && !existsSync(defaultFile)) return undefined
  const file = named ?? defaultFile
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    throw new UsageError(`${file} is missing or no JSON: edge-health compile writes it.`)
  }
}
