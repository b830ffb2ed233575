import { watch } from 'node:fs'
import type { PGlite } from '@electric-sql/pglite'
import { CompileError } from '../compile/compile-error.ts'
import { readMigrations } from '../compile/migrations/read-migrations.ts'
import { findSources, type Sources } from '../compile/project/sources.ts'
import { replayMigrations } from '../compile/replay/replay.ts'
import { pgliteBackend } from './pglite-backend.ts'
import type { Login, SqlBackend } from './sql-backend.ts'
import { StartError } from './start-error.ts'

/** An embedded Postgres to which the migrations of a project are applied, again whenever they change. */
export interface EmbeddedDatabase {
  readonly backend: SqlBackend
  /** How many migrations are applied. */
  readonly migrations: number
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
 * @throws {StartError} when they cannot be applied
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const { config, workingDirectory, login, log } = options
  const sources = await explained(findSources({ config, workingDirectory }))
  let current = await explained(replay(sources))
  let closed = false
  const again = serially(async () => {
    if (closed) return
    try {
      const next = await explained(replay(sources))
      await current.pglite.close()
      current = next
      log(`The migrations changed: ${count(next.migrations)} applied to a new embedded Postgres.`)
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
      session: (caller, signal, use) => pgliteBackend(current.pglite, login).session(caller, signal, use),
    },
    migrations: current.migrations,
    async close() {
      closed = true
      stopWatching()
      await current.pglite.close()
    },
  }
}

export const count = (migrations: number) => `${migrations} ${migrations === 1 ? 'migration' : 'migrations'}`

interface Replayed {
  readonly pglite: PGlite
  readonly migrations: number
}

async function replay({ migrations, preludes, ledger, skip }: Sources): Promise<Replayed> {
  const { database, applied } = await replayMigrations(readMigrations(migrations), preludes, { ledger, skip })
  return { pglite: database, migrations: applied.migrations.length }
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
