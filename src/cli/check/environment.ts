import { existsSync } from 'node:fs'
import { readVariableFile, readVariableFiles, setVariables, type Variables } from '../../dev/environment.ts'
import { StartError } from '../../dev/start-error.ts'
import { UsageError } from '../usage-error.ts'

/**
 * The variables as `wrangler dev` would find them in this folder. What the process's own environment sets comes first,
 * so that a pipeline needs no file.
 *
 * @param named the file to read instead of `.dev.vars` or `.env`
 * @throws {UsageError} when the named file does not exist, or one cannot be read
 */
export function readEnvironment(named: string | undefined): Variables {
  if (named !== undefined && !existsSync(named)) throw new UsageError(`--variables: there is no ${named}.`)
  return { ...readWritten(named), ...setVariables(process.env) }
}

function readWritten(named: string | undefined): Variables {
  try {
    return named === undefined ? readVariableFiles(process.cwd()) : readVariableFile(named)
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.message) : error
  }
}
