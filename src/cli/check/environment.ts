import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { readVariableFiles, setVariables, type Variables } from '../../local/environment.ts'
import { UsageError } from '../usage-error.ts'

/**
 * The variables as `wrangler dev` would find them in this folder. What the process's own environment sets comes first,
 * so that a pipeline needs no file.
 *
 * @param named the file to read instead of `.dev.vars` or `.env`
 * @throws {UsageError} when the named file does not exist
 */
export function readEnvironment(named: string | undefined): Variables {
  if (named !== undefined && !existsSync(named)) throw new UsageError(`--variables: there is no ${named}.`)
  const written =
    named === undefined ? readVariableFiles(process.cwd()) : parseEnv(readFileSync(named, 'utf8'))
  return { ...setVariables(written), ...setVariables(process.env) }
}
