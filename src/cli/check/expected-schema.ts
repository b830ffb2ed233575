import { existsSync, readFileSync } from 'node:fs'
import { defaultOutput } from '../../compile/options.ts'
import { UsageError } from '../usage-error.ts'

/**
 * The expected schema that the compile command wrote.
 *
 * @param named the file to read instead of the default one
 * @returns undefined when there is none: the migrations check then says so itself
 * @throws {UsageError} when the named file is missing, or is not what compile writes
 */
export function readExpectedSchema(named: string | undefined): object | undefined {
  if (named === undefined && !existsSync(defaultOutput)) return undefined
  const file = named ?? defaultOutput
  const content = readJson(file)
  if (typeof content === 'object' && content !== null) return content
  throw new UsageError(`${file} is missing or no JSON: edge-health compile writes it.`)
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
