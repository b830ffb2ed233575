import type { PGlite } from '@electric-sql/pglite'
import { CompileError } from '../compile/compile-error.ts'
import { type MigrationSet, readMigrations } from '../compile/migrations/read-migrations.ts'
import { findSources, type Sources } from '../compile/project/sources.ts'
import { type Applied, applyMigrations } from '../compile/replay/apply-migrations.ts'
import { replayMigrations } from '../compile/replay/replay.ts'
import { pgliteBackend } from './pglite-backend.ts'
import type { Login, SqlBackend } from './sql-backend.ts'
import type { MigrationSources } from './stand-in.ts'
import { StartError } from './start-error.ts'
import { watchFolder } from './watch-folder.ts'

/** An embedded Postgres to which the migrations of a project are applied, again whenever they change. */
interface EmbeddedDatabase {
  /** Requests wait until it is ready. */
  readonly backend: SqlBackend
  /** How many migrations there are. */
  readonly migrations: number
  /** Rejects with a {@link StartError} when they cannot be applied. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

interface EmbeddedDatabaseOptions {
  readonly sources: MigrationSources
  /** What relative paths are relative to. */
  readonly workingDirectory: string
  /** Who is let in. */
  readonly login: Login
  /** Called when the migrations were applied again, or why they could not be. */
  readonly log: (line: string) => void
}

/**
 * Replays the project's migrations as a deploy would and records them in Drizzle's ledger. After a change what is new is
 * applied to the same database, as the next deploy would: an applied file that was edited is not run again, and the
 * check has something to say.
 * @throws {StartError} when there are none to apply
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { workingDirectory, login, log } = options
  const sources = await explained(findSources({ ...options.sources, workingDirectory }))
  const set = await explained(read(sources))
  let current = explained(replay(sources, set))
  let closed = false
  const again = serially(async () => {
    if (closed) return
    const database = await current
    const applying = explained(applyNew(database, sources))
    // Requests wait meanwhile: it is one session, and they would find themselves in the migration's transaction.
    current = applying.then(
      () => database,
      () => database,
    )
    try {
      log(changeLog((await applying).migrations.length))
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      log(`${notApplied}${error.message}`)
    }
  })
  const stopWatching = watchFolder(sources.migrations, again)
  return {
    backend: {
      session: async (caller, signal, use) =>
        pgliteBackend(await current, login).session(caller, signal, use),
    },
    migrations: set.migrations.length,
    ready: current.then(() => {}),
    async close() {
      closed = true
      stopWatching()
      await closeAfterUse(current)
    },
  }
}

/** Begins the line that says why the migrations were not applied. */
export const notApplied = 'The migrations changed and cannot be applied to the embedded Postgres. '

export const count = (migrations: number) => `${migrations} ${migrations === 1 ? 'migration' : 'migrations'}`

const changeLog = (applied: number) =>
  applied === 0
    ? 'The migrations changed. None is new, so the embedded Postgres is as it was; a restart begins with an empty one.'
    : `The migrations changed: ${count(applied)} applied to the embedded Postgres.`

/** What a request under way does not disturb, and what leaves nothing behind in the session when it fails. */
async function applyNew(database: PGlite, { migrations, ledger, skip }: Sources): Promise<Applied> {
  await database.runExclusive(async () => {})
  try {
    return await applyMigrations(database, readMigrations(migrations), { ledger, skip })
  } catch (error) {
    await database.exec('rollback')
    await database.exec('discard all')
    throw error
  }
}

async function read({ migrations }: Sources): Promise<MigrationSet> {
  return readMigrations(migrations)
}

async function replay({ preludes, ledger, skip }: Sources, set: MigrationSet): Promise<PGlite> {
  return (await replayMigrations(set, preludes, { ledger, skip })).database
}

/** Lets the requests that wait for it have their answers. */
async function closeAfterUse(database: Promise<PGlite>): Promise<void> {
  const pglite = await database.catch(() => undefined)
  await pglite?.runExclusive(async () => {})
  await pglite?.close()
}

/** The compile's sentences are meant for the same person. */
function explained<T>(work: Promise<T>): Promise<T> {
  return work.catch((error) => {
    throw error instanceof CompileError ? new StartError(error.message) : error
  })
}

/** One run at a time; what is asked for meanwhile is one more run. */
function serially(work: () => Promise<void>): () => void {
  let running = false
  let wanted = false
  const run = async () => {
    wanted = true
    if (running) return
    running = true
    try {
      while (wanted) {
        wanted = false
        await work()
      }
    } finally {
      running = false
    }
  }
  return () => void run()
}
