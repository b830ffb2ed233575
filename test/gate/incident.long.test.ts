import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runBin } from '../cli/run-bin.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { until } from '../servers/process.ts'
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

/** Runs the SQL as Drizzle does, and reads a table again and again meanwhile. @returns how often a read was seen that waited for a lock */
async function waitingReads(sql: string, table: string): Promise<number> {
  const [migrator, reader] = [new pg.Client(url), new pg.Client(url)]
  await Promise.all([migrator.connect(), reader.connect()])
  // The role's lock_timeout would end the waiting that is measured.
  await Promise.all([migrator.query('set lock_timeout = 0'), reader.query('set lock_timeout = 0')])
  let isOver = false
  try {
    let reads = 0
    let waits = 0
    const reading = (async () => {
      for (; !isOver; reads += 1) await reader.query(`select * from ${table} limit 1`)
    })()
    const watching = (async () => {
      const ofReader = `select from pg_locks l join pg_stat_activity a using (pid)
        where not l.granted and a.query = 'select * from ${table} limit 1'`
      while (!isOver) waits += (await server.query(ofReader)).length
    })()
    await until('the first read', () => reads > 0)
    await migrator.query('begin')
    for (const statement of sql.split('--> statement-breakpoint')) await migrator.query(statement)
    await migrator.query('rollback')
    isOver = true
    await Promise.all([reading, watching])
    return waits
  } finally {
    isOver = true
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
  expect(await waitingReads(oauth, 'auth.users')).toBeGreaterThan(1)
  expect(await waitingReads(advised, 'auth.users')).toBe(0)
})
