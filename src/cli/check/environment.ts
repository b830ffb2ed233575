import { existsSync, readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { UsageError } from '../usage-error.ts'

/** The variables, and the file that some of them came from. */
export interface LocalEnvironment {
  readonly variables: Readonly<Record<string, string>>
  readonly file?: string | undefined
}

/**
 * The variables as `wrangler dev` would find them: those of `.dev.vars`, or of `.env` when there is none. What the
 * process's own environment sets comes first, so that a pipeline needs no file; an empty variable counts as unset.
 *
 * @param named the file to read instead
 * @throws {UsageError} when the named file does not exist
 */
export function readLocalEnvironment(
  named: string | undefined,
  ambient: NodeJS.ProcessEnv,
): LocalEnvironment {
  if (named !== undefined && !existsSync(named)) throw new UsageError(`--env-file: there is no ${named}.`)
  const file = named ?? ['.dev.vars', '.env'].find((name) => existsSync(name))
  const written = file === undefined ? {} : parseEnv(readFileSync(file, 'utf8'))
  const set = Object.entries({ ...ambient }).filter(([, value]) => value)
  return { variables: { ...written, ...Object.fromEntries(set) } as Record<string, string>, file }
}
