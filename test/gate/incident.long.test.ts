import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runBin } from '../cli/run-bin.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { advised, before, oauth, waiting } from './incident.ts'
import { migrated, migrationsFolder } from './project.ts'

let server: PostgresServer
let url: string
beforeAll(async () => {
  server = await startPostgres()
  url = await migrated(server, 'app', before, 1)
  await server.query(
    `insert into auth.users (name) select 'u' || i from generate_series(1, 1000) i;
    insert into auth.organizations (name) select 'o' || i from generate_series(1, 100) i;
    insert into ingest.webhook_events (provider, payload) select 'linear', repeat('p', 400) from generate_series(1, 500000) i;
    analyze; alter role health_owner set lock_timeout = '5s'`,
    'app',
  )
})
afterAll(() => server?.close())

interface Report {
  verdict: string
  reason?: string
  migrations: {
    verdict: string
    findings: { code: string; level: string; object: string; waits?: { object: string; reads: boolean }[] }[]
  }[]
}

async function gate(pending: string): Promise<{ exitCode: number | null; report: Report; stderr: string }> {
  const folder = migrationsFolder({ ...before, '0001_plugin_oauth': pending })
  const { exitCode, stdout, stderr } = await runBin(['gate', '--migrations', folder, '--json'], {
    cwd: folder,
    env: { DATABASE_URL: url },
  })
  return { exitCode, report: JSON.parse(stdout || '{}'), stderr }
}

/** Runs the SQL as Drizzle does, and reads a table again and again meanwhile. @returns the longest that a read took, in ms */
async function longestRead(sql: string, table: string): Promise<{ took: number; longest: number }> {
  const [migrator, reader] = [new pg.Client(url), new pg.Client(url)]
  await Promise.all([migrator.connect(), reader.connect()])
  // The role's lock_timeout would end the waiting that is measured.
  await Promise.all([migrator.query('set lock_timeout = 0'), reader.query('set lock_timeout = 0')])
  try {
    let isOver = false
    let longest = 0
    const reading = (async () => {
      while (!isOver) {
        const startedAt = performance.now()
        await reader.query(`select * from ${table} limit 1`)
        longest = Math.max(longest, performance.now() - startedAt)
        await sleep(1)
      }
    })()
    await sleep(50)
    const startedAt = performance.now()
    await migrator.query('begin')
    for (const statement of sql.split('--> statement-breakpoint')) await migrator.query(statement)
    const took = performance.now() - startedAt
    await migrator.query('rollback')
    isOver = true
    await reading
    return { took, longest }
  } finally {
    await Promise.all([migrator.end(), reader.end()])
  }
}

it('is stopped, with every table that would wait named, where one table holds 200 MB', async () => {
  const [size] = await server.query(
    `select pg_total_relation_size('ingest.webhook_events')::int as bytes`,
    'app',
  )
  expect(size?.['bytes']).toBeGreaterThan(200e6)
  const { exitCode, report, stderr } = await gate(oauth)
  expect({ stderr, reason: report.reason }).toEqual({ stderr: '', reason: undefined })
  expect(report.verdict).toBe('fail')
  expect(exitCode).toBe(1)
  const findings = report.migrations[0]?.findings ?? []
  const rewrite = findings.find(({ code }) => code === 'rewrites')
  expect(rewrite).toMatchObject({ level: 'fail', object: 'ingest.webhook_events' })
  const named = rewrite?.waits?.filter(({ reads }) => reads).map(({ object }) => object)
  expect(named?.toSorted()).toEqual(waiting.toSorted())
  for (const object of waiting.slice(0, 3))
    expect(findings).toContainEqual(expect.objectContaining({ code: 'blocks', level: 'fail', object }))
  expect(findings).toContainEqual(
    expect.objectContaining({
      code: 'breaks_running_release',
      level: 'fail',
      object: 'public.plugin_connections',
    }),
  )
})

it('passes after the advised way', async () => {
  const { exitCode, report } = await gate(advised)
  expect(report).toMatchObject({ verdict: 'pass', migrations: [{ verdict: 'pass' }] })
  expect(exitCode).toBe(0)
})

it('on the real server reads of the other tables waited for the rewrite, and did not in the advised way', async () => {
  const stopped = await longestRead(oauth, 'auth.users')
  const safe = await longestRead(advised, 'auth.users')
  // As shares of what the migration took, since a machine is as fast as it is.
  expect(stopped.longest / stopped.took).toBeGreaterThan(0.5)
  expect(safe.longest).toBeLessThan(stopped.longest / 4)
})
