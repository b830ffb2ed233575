import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { postgresOverTcp } from '../src/clients/postgres-tcp.ts'
import type { Driver } from '../src/gate/driver.ts'
import { askSizes } from '../src/gate/production/ask.ts'
import { runBin } from '../test/cli/run-bin.ts'
import { journalFiles } from '../test/compile/folders.ts'
import { type Files, migrated } from '../test/gate/project.ts'
import { type PostgresServer, startPostgres } from '../test/servers/postgres.ts'
import { runBench, say } from './support/bench.ts'
import { atMost, type Figure, measured } from './support/figure.ts'

const tables = 200
const pending = 100
/** One run says more of what else the machine does. */
const runs = 3
/** What a gate may take on a machine that does nothing else, in ms: whole, for each pending statement, and in production. */
const bounds = { whole: 6000, statement: 2, sizes: 50 }

const inMs = (ms: number) => `${ms < 100 ? ms.toFixed(2) : Math.round(ms)} ms`

const tableSql = (index: number) =>
  `CREATE TABLE "table_${index}" ("id" integer PRIMARY KEY, "name" varchar(80) NOT NULL, "state" text, "other" integer REFERENCES "table_${Math.max(0, index - 1)}"("id"));
  CREATE INDEX "name_${index}" ON "table_${index}" ("name")`

const changes = [
  (name: string) => `ALTER TABLE "${name}" ADD COLUMN "more" text`,
  (name: string) => `ALTER TABLE "${name}" ALTER COLUMN "state" SET NOT NULL`,
  (name: string) => `CREATE INDEX ON "${name}" ("state")`,
  (name: string) => `ALTER TABLE "${name}" ALTER COLUMN "name" SET DATA TYPE varchar(20)`,
]

const files: Files = {
  '0000_start': Array.from({ length: tables }, (_, index) => tableSql(index)).join(';\n'),
  ...Object.fromEntries(
    Array.from({ length: pending / 10 }, (_, file) => [
      `${String(file + 1).padStart(4, '0')}_change`,
      Array.from({ length: 10 }, (_, at) => changes[at % changes.length]?.(`table_${file * 10 + at}`)).join(
        ';\n--> statement-breakpoint\n',
      ),
    ]),
  ),
}

async function measureWhole(server: PostgresServer): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'health-bench-gate-'))
  try {
    mkdirSync(join(folder, 'meta'))
    for (const [path, text] of Object.entries(journalFiles({ ...files })))
      writeFileSync(join(folder, path), text)
    const url = await migrated(server, 'app', files, 1)
    const what = `gate: ${pending} pending statements on ${tables} tables`
    const { whole, measure } = await shortest(folder, url, 'node-postgres')
    const alone = await shortest(folder, url, 'neon-http')
    return [
      atMost(`${what}, whole`, whole, bounds.whole, inMs),
      atMost(`${what}, each statement`, measure / pending, bounds.statement, inMs),
      measured(`${what}, each in a transaction of its own`, inMs(alone.measure / pending)),
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function shortest(folder: string, url: string, driver: Driver) {
  const times: { whole: number; measure: number }[] = []
  for (let run = 0; run < runs; run++) times.push(await measureOnce(folder, url, driver))
  return {
    whole: Math.min(...times.map(({ whole }) => whole)),
    measure: Math.min(...times.map(({ measure }) => measure)),
  }
}

async function measureOnce(folder: string, url: string, driver: Driver) {
  const startedAt = performance.now()
  const { stdout, stderr } = await runBin(['gate', '--migrations', folder, '--driver', driver, '--json'], {
    cwd: folder,
    env: { DATABASE_URL: url },
  })
  const whole = performance.now() - startedAt
  const document = JSON.parse(stdout || '{}')
  const statements = document.migrations?.reduce(
    (sum: number, each: { statements: number }) => sum + each.statements,
    0,
  )
  if (statements !== pending)
    throw new Error(`the gate measured ${statements} statements: ${stdout}${stderr}`)
  return { whole, measure: Number(document.times.measure_ms) }
}

async function measureSizes(server: PostgresServer): Promise<Figure> {
  const count = 1000
  await server.createDatabase('wide')
  await server.query(
    Array.from(
      { length: count },
      (_, index) => `create table t${index} (id integer primary key, body text)`,
    ).join(';'),
    'wide',
  )
  const names = Array.from({ length: count }, (_, index) => ({ schema: 'public', name: `t${index}` }))
  const controller = new AbortController()
  try {
    const client = postgresOverTcp(server.url('wide'), async () => pg)(controller.signal)
    // The first query of a session fills its caches.
    await askSizes(client, names)
    const startedAt = performance.now()
    const { relations } = await askSizes(client, names)
    const took = performance.now() - startedAt
    if (relations.length !== count) throw new Error(`${relations.length} sizes`)
    return atMost(`gate: sizes and activity of ${count} tables of production`, took, bounds.sizes, inMs)
  } finally {
    controller.abort()
  }
}

async function measureGate(): Promise<readonly Figure[]> {
  const server = await startPostgres()
  try {
    say('the gate')
    return [...(await measureWhole(server)), await measureSizes(server)]
  } finally {
    await server.close()
  }
}

await runBench(import.meta.url, 'Gate', measureGate)
