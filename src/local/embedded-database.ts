import { watch } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import { CompileError } from '../compile/compile-error.ts'
import { type MigrationSet, readMigrations } from '../compile/migrations/read-migrations.ts'
import { findSources, type Sources } from '../compile/project/sources.ts'
import { replayMigrations } from '../compile/replay/replay.ts'
import { pgliteBackend } from './pglite-backend.ts'
import type { Login, SqlBackend } from './sql-backend.ts'
import { StartError } from './start-error.ts'

/** An embedded Postgres to which the migrations of a project are applied, again whenever they change. */
export interface EmbeddedDatabase {
  /** Requests wait until it is ready. */
  readonly backend: SqlBackend
  /** How many migrations there are. */
  readonly migrations: number
  /** Rejects with a {@link StartError} when they cannot be applied. */
  readonly ready: Promise<void>
  close(): Promise<void>
}

export interface EmbeddedDatabaseOptions {
  /** Path of the drizzle.config, absolute. */
  readonly config: string
  readonly workingDirectory: string
  /** Who is let in. */
  readonly login: Login
  /** Told when the migrations were applied again, or why they could not be. */
  readonly log: (line: string) => void
}

/** Editors write a file in several steps, and drizzle-kit writes several files: they are one change, in ms. */
const settleMs = 300

/**
 * Replays the project's migrations as a deploy would and records them in Drizzle's ledger. After a change the database
 * is made anew and takes the old one's place when it is complete; one that cannot be made leaves the old one there.
 * @throws {StartError} when there are none to apply
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { config, workingDirectory, login, log } = options
  const sources = await explained(findSources({ config, workingDirectory }))
  const set = await explained(read(sources))
  let current = explained(replay(sources, set))
  let closed = false
  const again = serially(async () => {
    if (closed) return
    try {
      const changed = await explained(read(sources))
      const next = await explained(replay(sources, changed))
      const old = current
      current = Promise.resolve(next)
      log(`The migrations changed: ${count(changed.migrations.length)} applied to a new embedded Postgres.`)
      await closeAfterUse(old)
    } catch (error) {
      if (!(error instanceof StartError)) throw error
      log(
        `The migrations changed and cannot be applied, so the embedded Postgres is as it was. ${error.message}`,
      )
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

export const count = (migrations: number) => `${migrations} ${migrations === 1 ? 'migration' : 'migrations'}`

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

function watchFolder(directory: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined
  const watcher = watch(directory, { recursive: true }, () => {
    clearTimeout(timer)
    timer = setTimeout(onChange, settleMs)
  })
  // The folder may be removed and made anew, as `git checkout` does: then a restart is needed, not a crash.
  watcher.on('error', () => {})
  return () => {
    clearTimeout(timer)
    watcher.close()
  }
}
