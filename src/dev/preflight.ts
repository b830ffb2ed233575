import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { CompileError } from '../compile/compile-error.ts'
import { findConfig } from '../compile/project/drizzle-config.ts'
import type { MigrationSources } from './stand-in.ts'
import { StartError } from './start-error.ts'
import { readWranglerConfig } from './wrangler-config.ts'

/** The migrations of this package's own example. */
const exampleConfig = fileURLToPath(new URL('../../example/drizzle.config.ts', import.meta.url))

/** @throws {StartError} when wrangler's configuration is not there, or cannot be read */
export function assertWranglerConfig(directory: string): void {
  if (readWranglerConfig(directory)) return
  throw new StartError(`There is no wrangler.toml in ${directory}: start it where the Worker's is.`)
}

/**
 * What the command line says, else DRIZZLE_CONFIG (`drizzleConfig`), else the drizzle.config of the directory, else the example's.
 * @returns with the config's path absolute; without one when the migrations are named instead
 * @throws {StartError}
 */
export function chooseSources(
  words: MigrationSources,
  drizzleConfig: string | undefined,
  directory: string,
): MigrationSources {
  // As in compile, where the config often cannot be imported when the migrations are named.
  if (words.migrations !== undefined && words.config === undefined) return words
  const named = words.config ?? drizzleConfig
  try {
    return { ...words, config: findConfig(named, directory) }
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    // The package is published without its example.
    if (!named && existsSync(exampleConfig)) return { ...words, config: exampleConfig }
    throw new StartError(error.message)
  }
}

/** @throws {StartError} when nobody may listen there, or somebody else does */
export async function choosePort(given = '8787'): Promise<number> {
  const port = Number(given)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartError('PORT: expected a whole number from 1 to 65535, found something else.')
  }
  const code = await listenFault(port)
  if (!code) return port
  const reason = code === 'EACCES' ? 'may not be used by this user' : 'is in use'
  throw new StartError(
    `Port ${port} ${reason}: choose another one, as in PORT=${port === 8787 ? 8788 : 8787}.`,
  )
}

function listenFault(port: number): Promise<string | undefined> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => done(undefined)))
  })
}
