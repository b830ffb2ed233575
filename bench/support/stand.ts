import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import { type CeleryProcess, startWorker } from '../../test/servers/celery.ts'
import { startWorkerd, type WorkerdServer } from '../../test/servers/workerd.ts'
import { migrateExample } from '../../test/support/migrate.ts'
import { startStack, type TestStack } from '../../test/support/stack.ts'
import type { PeerDependencies } from './peers.ts'
import { writeWorkerEntry } from './worker-entry.ts'

/** The example application with everything healthy: Postgres in sync with its migrations, Redis, one Celery worker. */
export interface Stand {
  readonly stack: TestStack
  readonly celery: Pick<CeleryProcess, 'freeze' | 'thaw'>
  readonly peerDependencies: PeerDependencies
  /** The health check of the example in raw workerd; all four checks unless `more` says something else. */
  startOurs(more?: Readonly<Record<string, string>>): Promise<WorkerdServer>
  close(): Promise<void>
}

const example = fileURLToPath(new URL('../../example/', import.meta.url))

/** Variables of an uncached health check. */
export const uncached = { HEALTH_TTL_PASS: '0', HEALTH_TTL_FAIL: '0' } as const

export async function startStand(): Promise<Stand> {
  const expected = await compileExample()
  const stack = await startStack()
  await migrateExample(stack.postgres.url()).catch(async (error) => {
    await stack.close()
    throw error
  })
  // No heartbeat: PUBLISH then counts the requests to the workers, from every program.
  const celery = startWorker({ redisUrl: stack.redis.url, args: ['--without-heartbeat'] })
  const entry = writeWorkerEntry(expected)
  const close = async () => {
    entry.remove()
    await celery.stop()
    await stack.close()
  }
  await celery.ready().catch(async (error) => {
    await close()
    throw error
  })
  return {
    stack,
    celery,
    peerDependencies: { databaseUrl: stack.postgres.url(), redisUrl: stack.redis.url },
    startOurs: (more = {}) =>
      startWorkerd({ entry: entry.path, bindings: { ...stack.environment, ...more } }),
    close,
  }
}

async function compileExample(): Promise<ExpectedSchema> {
  const directory = mkdtempSync(join(tmpdir(), 'health-bench-expected-'))
  try {
    const output = join(directory, 'expected.json')
    await compileExpectedSchema({ config: join(example, 'drizzle.config.ts'), output })
    return JSON.parse(readFileSync(output, 'utf8'))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
