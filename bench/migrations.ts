/**
 * What the migrations check costs at 20, 200 and 1000 tables with 100 migrations: time over SQL over HTTP on a real
 * Postgres, bytes of the answer, CPU time of this side. Fails when it costs more than promised.
 * Run: `node bench/migrations.ts`
 * @module
 */
import type { Check } from '../src/check.ts'
import type { ExpectedSchema } from '../src/checks/migrations/expected.ts'
import { migrationsCheck } from '../src/checks/migrations/migrations.ts'
import { askFingerprint } from '../src/checks/migrations/question.ts'
import { pinSettings } from '../src/checks/migrations/settings.ts'
import { createPostgres, type Postgres, type Row } from '../src/clients/postgres.ts'
import { postgresBackend } from '../src/local/postgres-backend.ts'
import { startSqlOverHttp } from '../src/local/sql-over-http.ts'
import { startPostgres } from '../test/servers/postgres.ts'
import { createWideDatabase, wideScope as scope } from './support/wide-database.ts'

const runs = 21
/** How the cases stand to each other counts, not the milliseconds of one machine. */
const promised = { unchangedToFingerprint: 1.3, growthToLinear: 1.5, matchBytes: 12_000, cpuMs: 10 }

async function median(measured: () => unknown): Promise<number> {
  const durations: number[] = []
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    await measured()
    durations.push(performance.now() - start)
  }
  return durations.toSorted((a, b) => a - b)[runs >> 1] ?? Number.NaN
}

const ask = (check: Check) => check.run({ signal: new AbortController().signal, timeoutMs: 60_000 })

/** Runs the check on answers that were recorded: what is left is the work of this side. */
async function cpuOf(
  expected: ExpectedSchema,
  record: () => Postgres,
  kept: boolean,
): Promise<[number, number]> {
  const answers: Row[][][] = []
  const recorder: Pick<Postgres, 'readOnlyBatch'> = {
    async readOnlyBatch(statements) {
      const rows = await record().readOnlyBatch(statements)
      answers.push(rows)
      return rows
    },
  }
  const postgres = { url: '' }
  const first = migrationsCheck({ postgres, expected, connect: () => recorder })
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
  const make = () => migrationsCheck({ postgres, expected, connect: () => replayed })
  const same = make()
  return [await median(() => ask(kept ? same : make())), bytes]
}

const server = await startPostgres()
const service = await startSqlOverHttp({ backend: postgresBackend(server.url()) })
const firsts: [tables: number, ms: number][] = []
const broken: string[] = []
const promise = (holds: boolean, sentence: string) => {
  if (!holds) broken.push(sentence)
}
const row = (...cells: (string | number)[]) =>
  console.log(
    cells
      .map((cell) => String(typeof cell === 'number' ? Math.round(cell * 10) / 10 : cell).padStart(12))
      .join(''),
  )

try {
  row(
    'tables',
    'round trip',
    'fingerprint',
    'unchanged',
    'first',
    'drift',
    'match B',
    'drift B',
    'cpu match',
    'cpu drift',
    'expected kB',
  )
  for (const tables of [20, 200, 1000]) {
    const database = `tables_${tables}`
    const expected = await createWideDatabase(server, database, tables)
    const postgres = { url: server.url(database).replace('127.0.0.1', 'db.local'), endpoint: service.url }
    const client = () => createPostgres(postgres, new AbortController().signal)
    const pin = pinSettings(scope, { statementMs: 0, lockMs: 0 })
    const roundTrip = await median(() => client().readOnlyBatch([{ text: 'select 1' }, { text: 'select 1' }]))
    const fingerprint = await median(() => client().readOnlyBatch([pin, askFingerprint(scope)]))
    const kept = migrationsCheck({ postgres, expected })
    const { code } = await ask(kept)
    if (code !== 'ok') throw new Error(`the check said ${code}`)
    const unchanged = await median(() => ask(kept))
    const first = await median(() => ask(migrationsCheck({ postgres, expected })))
    const [cpuMatch, matchBytes] = await cpuOf(expected, client, false)
    await server.query(
      Array.from({ length: tables }, (_, i) => `alter table table_${i} drop column entry;`).join(''),
      database,
    )
    const drift = await median(() => ask(migrationsCheck({ postgres, expected })))
    const [cpuDrift, driftBytes] = await cpuOf(expected, client, false)
    const kilobytes = JSON.stringify(expected).length / 1024
    row(
      tables,
      roundTrip,
      fingerprint,
      unchanged,
      first,
      drift,
      matchBytes,
      driftBytes,
      cpuMatch,
      cpuDrift,
      kilobytes,
    )
    firsts.push([tables, first - roundTrip])
    promise(
      unchanged <= promised.unchangedToFingerprint * fingerprint + roundTrip,
      `unchanged at ${tables} tables`,
    )
    promise(matchBytes <= promised.matchBytes, `bytes at ${tables} tables`)
    promise(cpuDrift <= promised.cpuMs, `CPU time at ${tables} tables`)
  }
  const [, [small, smallMs] = [1, 1], [large, largeMs] = [1, 1]] = firsts
  promise(largeMs / smallMs <= (large / small) * promised.growthToLinear, 'the first case grows linearly')
} finally {
  await service.close()
  await server.close()
}
for (const sentence of broken) console.error(`Not as promised: ${sentence}`)
process.exitCode = broken.length > 0 ? 1 : 0
