/**
 * What the migrations check costs at 20, 200 and 1000 tables with 100 migrations: time over SQL over HTTP on a real
 * Postgres, bytes of the answer, CPU time of this side. Fails when it costs more than promised.
 * Run: `node bench/migrations.ts`
 * @module
 */

import { migrationsCheck } from '../src/checks/migrations/check.ts'
import type { ExpectedSchema } from '../src/checks/migrations/expected-schema.ts'
import { pinSettings } from '../src/checks/migrations/queries/pin-settings.ts'
import { fingerprintStatement } from '../src/checks/migrations/queries/state.ts'
import { type Postgres, postgresOverHttp, type Row } from '../src/clients/postgres.ts'
import type { Check } from '../src/core/check.ts'
import { postgresBackend } from '../src/dev/postgres-backend.ts'
import { startSqlOverHttp } from '../src/dev/sql-over-http.ts'
import { type PostgresServer, startPostgres } from '../test/servers/postgres.ts'
import { runBench } from './support/bench.ts'
import { atMost, type Figure, measured } from './support/figure.ts'
import { alternate, median } from './support/rounds.ts'
import { createWideDatabase, wideScope as scope } from './support/wide-database.ts'

const runs = 21
/** How the cases stand to each other counts, not the milliseconds of one machine. */
const promised = { unchangedToFingerprint: 1.3, growthToLinear: 1.5, matchBytes: 12_000, cpuMs: 10 }
/** An answer while nothing has changed, as a part of the first question, by the number of tables. */
const unchangedToFirst: Readonly<Record<number, number>> = { 20: 0.45, 200: 0.25, 1000: 0.12 }

async function timed(work: () => unknown): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const ask = (check: Check) => check.run({ signal: new AbortController().signal, timeoutMs: 60_000 })

/** Runs the check on answers that were recorded: what is left is the work of this side. */
async function cpuOf(expected: ExpectedSchema, record: () => Postgres): Promise<[number, number]> {
  const answers: Row[][][] = []
  const recorder: Pick<Postgres, 'readOnlyBatch'> = {
    async readOnlyBatch(statements) {
      const rows = await record().readOnlyBatch(statements)
      answers.push(rows)
      return rows
    },
  }
  const first = migrationsCheck({ expected, postgres: () => recorder })
  await ask(first)
  const bytes = JSON.stringify(answers).length
  const texts = answers.map((answer) => JSON.stringify(answer))
  let call = 0
  const replayed: Pick<Postgres, 'readOnlyBatch'> = {
    async readOnlyBatch(statements) {
      // What the driver does too: write the request, parse the answer.
      JSON.stringify(statements)
      return JSON.parse(texts[call++ % texts.length] ?? '[]') as Row[][]
    },
  }
  const make = () => migrationsCheck({ expected, postgres: () => replayed })
  const { cpu } = await alternate(runs, { cpu: () => timed(() => ask(make())) })
  return [median(cpu), bytes]
}

const inMs = (ms: number) => `${ms.toFixed(1)} ms`
const inKilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`
const times = (ratio: number) => `${ratio.toFixed(2)} times`

interface Sized {
  readonly figures: readonly Figure[]
  /** Milliseconds of the first question, without the round trip. */
  readonly firstMs: number
}

async function measureTables(server: PostgresServer, endpoint: string, tables: number): Promise<Sized> {
  const database = `tables_${tables}`
  const expected = await createWideDatabase(server, database, tables)
  const postgres = postgresOverHttp({ url: server.url(database).replace('127.0.0.1', 'db.local'), endpoint })
  const client = () => postgres(new AbortController().signal)
  const pin = pinSettings(scope, { statementMs: 0, lockMs: 0 })
  const kept = migrationsCheck({ postgres, expected })
  const { code } = await ask(kept)
  if (code !== 'ok') throw new Error(`the check said ${code}`)
  const round = await alternate(runs, {
    roundTrip: () => timed(() => client().readOnlyBatch([{ text: 'select 1' }, { text: 'select 1' }])),
    fingerprint: () => timed(() => client().readOnlyBatch([pin, fingerprintStatement(scope)])),
    unchanged: () => timed(() => ask(kept)),
    first: () => timed(() => ask(migrationsCheck({ postgres, expected }))),
  })
  const roundTrip = median(round.roundTrip)
  const fingerprint = median(round.fingerprint)
  const first = median(round.first)
  const [cpuMatch, matchBytes] = await cpuOf(expected, client)
  const bound = promised.unchangedToFingerprint * fingerprint + roundTrip
  const at = `${tables} tables:`
  return {
    firstMs: first - roundTrip,
    figures: [
      measured(
        `${at} time of an empty round trip, of the fingerprint alone, of the whole first question`,
        `${inMs(roundTrip)}, ${inMs(fingerprint)}, ${inMs(first)}`,
      ),
      atMost(
        `${at} time of an answer while nothing has changed to that of the first question`,
        median(round.unchanged) / first,
        unchangedToFirst[tables] ?? 1,
        times,
      ),
      atMost(
        `${at} time of an answer while nothing has changed (the bound: 1.3 fingerprints and a round trip)`,
        median(round.unchanged),
        bound,
        inMs,
      ),
      atMost(
        `${at} bytes from Postgres while in sync, with 100 migrations`,
        matchBytes,
        promised.matchBytes,
        inKilobytes,
      ),
      atMost(`${at} time of our own code for an answer in sync (Node, warm)`, cpuMatch, promised.cpuMs, inMs),
    ],
  }
}

async function measureMigrations(): Promise<readonly Figure[]> {
  const server = await startPostgres()
  const service = await startSqlOverHttp({ backend: postgresBackend(server.url()) })
  try {
    const few = await measureTables(server, service.url, 20)
    const some = await measureTables(server, service.url, 200)
    const many = await measureTables(server, service.url, 1000)
    const growth = many.firstMs / some.firstMs / (1000 / 200)
    return [
      ...few.figures,
      ...some.figures,
      ...many.figures,
      atMost(
        'first question: time for 1000 tables to 5 times that for 200',
        growth,
        promised.growthToLinear,
        times,
      ),
    ]
  } finally {
    await service.close()
    await server.close()
  }
}

await runBench(import.meta.url, 'Migrations', measureMigrations)
