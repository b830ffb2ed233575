import { existsSync } from 'node:fs'
import { readVariableFile, readVariableFiles, setVariables, type Variables } from '../../dev/environment.ts'
import { StartError } from '../../dev/start-error.ts'
import { UsageError } from '../usage-error.ts'
import { readServerlessVariables } from './serverless-variables.ts'
import { readWranglerVariables } from './wrangler-variables.ts'

export interface EnvironmentOptions {
  /** The file to read instead of `.dev.vars` or `.env`. */
  readonly variables?: string | undefined
  /** An environment of wrangler.toml. */
  readonly env?: string | undefined
}

/**
 * The variables as the deployed function would have them. A later one wins: `vars` of wrangler.toml (or wrangler.jsonc), `environment`
 * of serverless.yml, `.dev.vars` (or `.env`), and the process's own environment, so that a pipeline needs no file.
 *
 * @throws {UsageError} when a named file does not exist, or one cannot be read
 */
export function readEnvironment({ variables: named, env }: EnvironmentOptions): Variables {
  if (named !== undefined && !existsSync(named)) throw new UsageError(`--variables: there is no ${named}.`)
  const directory = process.cwd()
  try {
    return {
      ...readWranglerVariables(directory, env),
      ...readServerlessVariables(directory),
      ...(named === undefined ? readVariableFiles(directory, env) : readVariableFile(named)),
      ...setVariables(process.env),
    }
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.message) : error
  }
}
