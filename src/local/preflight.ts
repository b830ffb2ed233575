import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { StartError } from './start-error.ts'

/** The migrations of this package's own example. */
const exampleConfig = fileURLToPath(new URL('../../example/drizzle.config.ts', import.meta.url))

/** @throws {StartError} */
export function assertWranglerConfig(directory: string): void {
  if (['toml', 'json', 'jsonc'].some((end) => existsSync(join(directory, `wrangler.${end}`)))) return
  throw new StartError(`There is no wrangler.toml in ${directory}: start it where the Worker's is.`)
}

/** The named drizzle.config, else the example's; absolute. @throws {StartError} */
export function chooseDrizzleConfig(named: string | undefined, directory: string): string {
  const path = named ? resolve(directory, named) : exampleConfig
  if (existsSync(path)) return path
  // The package is published without its example.
  if (!named) throw new StartError('DRIZZLE_CONFIG is not set: name your drizzle.config.ts with it.')
  throw new StartError(
    `DRIZZLE_CONFIG: there is no file ${path}; name your drizzle.config.ts, or unset it for the example.`,
  )
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
    `Port ${port} ${reason}: choose another one, as in PORT=${port === 8787 ? 8788 : 8787} npm start.`,
  )
}

function listenFault(port: number): Promise<string | undefined> {
  const server = createServer()
  return new Promise((done) => {
    server.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
    server.listen(port, '127.0.0.1', () => server.close(() => done(undefined)))
  })
}
