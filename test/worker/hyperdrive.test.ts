/** A Worker with Hyperdrive, bundled by wrangler: the binding is what Cloudflare gives, the connection a real one. */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { until } from '../servers/process.ts'
import { type Bindings, startWorkerd, type WorkerdServer } from '../servers/workerd.ts'
import { migrateExample } from '../support/migrate.ts'
import { unhurried } from '../support/unhurried.ts'

const flags = ['nodejs_compat']
const token = 'planted-health-token'
const folder = mkdtempSync(join(tmpdir(), 'health-hyperdrive-'))
const running: WorkerdServer[] = []
let postgres: PostgresServer
let url: string
let bundle: string
beforeAll(async () => {
  await compileExpectedSchema({ config: 'example/drizzle.config.ts', output: join(folder, 'expected.json') })
  bundle = await bundleByWrangler()
  postgres = await startPostgres()
  url = await postgres.createDatabase('app')
  await migrateExample(url)
})
afterEach(() => Promise.all(running.splice(0).map((worker) => worker.close())))
afterAll(async () => {
  await postgres?.close()
  rmSync(folder, { recursive: true, force: true })
})

async function bundleByWrangler(): Promise<string> {
  const source = (name: string) => JSON.stringify(resolve('src', name))
  writeFileSync(
    join(folder, 'worker.ts'),
    `import { createWorker } from ${source('worker.ts')}
import { hyperdrive } from ${source('hyperdrive.ts')}
import expected from './expected.json'
export default createWorker({ expected, hyperdrive: hyperdrive() })
`,
  )
  writeFileSync(
    join(folder, 'wrangler.toml'),
    `name = "health"\nmain = "worker.ts"\ncompatibility_date = "2026-10-23"\ncompatibility_flags = ${JSON.stringify(flags)}\n`,
  )
  const options = ['--dry-run', '--outdir', join(folder, 'out'), '--config', join(folder, 'wrangler.toml')]
  await promisify(execFile)('npx', ['wrangler', 'deploy', ...options])
  return readFileSync(join(folder, 'out', 'worker.js'), 'utf8')
}

async function start(bindings: Bindings): Promise<WorkerdServer> {
  const worker = await startWorkerd({
    bundle,
    flags,
    bindings: {
      ...unhurried,
      HEALTH_CHECKS: 'database,migrations',
      HEALTH_TOKEN: token,
      HEALTH_TTL_PASS: '0',
      HEALTH_TTL_FAIL: '0',
      ...bindings,
    },
  })
  running.push(worker)
  return worker
}

async function codes(worker: WorkerdServer) {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${worker.url}/health-check`, { headers })
  const { results } = (await response.json()) as { results: { checker: string; code: string }[] }
  return {
    codes: Object.fromEntries(results.map(({ checker, code }) => [checker, code])),
    text: JSON.stringify(results),
  }
}

const sessions = async () => {
  const [row] = await postgres.query(
    "select count(*)::int as sessions from pg_stat_activity where application_name = 'edge-health-check'",
  )
  return row?.['sessions']
}

it('asks any Postgres, on connections that end with the run', async () => {
  const worker = await start({ HYPERDRIVE: { connectionString: url } })
  for (let time = 0; time < 5; time += 1) {
    expect(await codes(worker)).toMatchObject({ codes: { database: 'ok', migrations: 'ok' } })
  }
  await until('no session is left', async () => (await sessions()) === 0)
})

it('tells its faults apart, leaks nothing and is green again afterwards', async () => {
  const worker = await start({
    HYPERDRIVE: { connectionString: url },
    HEALTH_TIMEOUT_MS: '5000',
    HEALTH_DEADLINE_MS: '8000',
    HEALTH_SLOW_MS: '8000',
  })
  const expectBoth = async (code: string) => {
    const answer = await codes(worker)
    expect(answer.codes).toEqual({ database: code, migrations: code })
    expect(answer.text).not.toContain(postgres.password)
    expect(answer.text).not.toContain(String(postgres.port))
  }
  await expectBoth('ok')
  await postgres.stop()
  await expectBoth('unreachable')
  await postgres.start()
  await expectBoth('ok')
  postgres.freeze()
  await expectBoth('timeout')
  postgres.thaw()
  await expectBoth('ok')
  await postgres.query(`alter role ${postgres.user} password 'another'`)
  await expectBoth('unauthorized')
  expect((await codes(worker)).text).toContain('"variable":"HYPERDRIVE"')
  expect(worker.output()).not.toContain(postgres.password)
})

it('is not configured without the binding where DATABASE_URL is not one of Neon, as without Hyperdrive', async () => {
  const worker = await start({ DATABASE_URL: url })
  const { codes: found, text } = await codes(worker)
  expect(found).toEqual({ database: 'not_configured', migrations: 'not_configured' })
  expect(text).toContain('found a host of another provider')
})
