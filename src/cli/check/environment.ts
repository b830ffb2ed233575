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
 * The variables as the deployed function would have them. A later one wins: `[vars]` of wrangler.toml, `environment` of
 * serverless.yml, `.dev.vars` (or `.env`), and the process's own environment, so that a pipeline needs no file.
 *
 * @throws {UsageError} when a named file does not exist, or one cannot be read
 */
export function readEnvironment({ variables: named, env }: EnvironmentOptions): Variables {
  if (named !== undefined && !existsSync(named)) throw new UsageError(`--variables: there is no ${named}.`)
  const directory = process.cwd()
  return {
    ...readWranglerVariables(directory, env),
    ...readServerlessVariables(directory),
    ...readSecrets(directory, named, env),
    ...setVariables(process.env),
  }
}

function readSecrets(directory: string, named: string | undefined, env: string | undefined): Variables {
  try {
    return named === undefined ? readVariableFiles(directory, env) : readVariableFile(named)
  } catch (error) {
    throw error instanceof StartError ? new UsageError(error.message) : error
  }
}
