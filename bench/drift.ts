/**
 * What the moment costs at which a live schema stops being what was expected: CPU time of workerd and bytes to and from
 * Postgres, for few and many tables of which one or a hundred differ.
 *
 * node bench/drift.ts --help
 */
import { startWorkerd, type WorkerdServer } from '../test/servers/workerd.ts'
import { startStack, type TestStack } from '../test/support/stack.ts'
import { runBench, say } from './support/bench.ts'
import type { BenchOptions } from './support/bench-options.ts'
import { atMost, countAtMost, type Figure, measured } from './support/figure.ts'
import { kilobytes, ms } from './support/format.ts'
import { mainThreadCpuMs } from './support/process-cost.ts'
import { median } from './support/rounds.ts'
import { uncached } from './support/stand.ts'
import { createWideDatabase } from './support/wide-database.ts'
import { writeWorkerEntry } from './support/worker-entry.ts'

const most = { receivedBytes: 64 * 1024, sentBytes: 40_000, cpuMs: 10 }
const url = '/health-check?check=migrations'
/** It is the cost that is measured here: on a loaded machine Postgres may take its time. */
const patient = { HEALTH_TIMEOUT_MS: '20000', HEALTH_DEADLINE_MS: '25000' }
/** Drifts one after the other in one isolate, each unlike the one before; the first meets code that never ran. */
const driftsInOneIsolate = 8

interface Drift {
  readonly firstCpuMs: number
  readonly laterCpuMs: number
  /** Of all answers of one run together, and of all requests. */
  readonly receivedBytes: number
  readonly sentBytes: number
}

async function measureDrift({ short }: BenchOptions): Promise<Figure[]> {
  const stack = await startStack()
  const figures: Figure[] = []
  try {
    for (const tables of [20, 200, 1000]) {
      const database = `tables_${tables}`
      const expected = await createWideDatabase(stack.postgres, database, tables)
      const entry = writeWorkerEntry(expected)
      try {
        for (const differing of [1, Math.min(100, tables)]) {
          say(`measuring ${differing} of ${tables} tables differing`)
          const drifts: Drift[] = []
          for (let isolate = 0; isolate < (short ? 3 : 7); isolate += 1) {
            drifts.push(await driftInNewIsolate(stack, entry.path, database, differing))
          }
          figures.push(...figuresOf(`${tables} tables, ${differing} changed`, drifts))
        }
      } finally {
        entry.remove()
      }
    }
    return figures
  } finally {
    await stack.close()
  }
}

function figuresOf(what: string, drifts: readonly Drift[]): Figure[] {
  const middle = (of: (drift: Drift) => number) => median(drifts.map(of))
  return [
    atMost(
      `${what}: CPU time of the first drift in an isolate`,
      middle((drift) => drift.firstCpuMs),
      most.cpuMs,
      ms,
    ),
    measured(`${what}: CPU time of later ones`, ms(middle((drift) => drift.laterCpuMs))),
    countAtMost(
      `${what}: received from Postgres`,
      middle((drift) => drift.receivedBytes),
      most.receivedBytes,
      kilobytes,
    ),
    countAtMost(
      `${what}: sent to Postgres`,
      middle((drift) => drift.sentBytes),
      most.sentBytes,
      kilobytes,
    ),
  ]
}

async function driftInNewIsolate(
  stack: TestStack,
  entry: string,
  database: string,
  differing: number,
): Promise<Drift> {
  const bindings = {
    ...stack.environment,
    ...uncached,
    ...patient,
    DATABASE_URL: stack.postgres.url(database),
  }
  const worker = await startWorkerd({ entry, bindings })
  const setScale = (scale: number) => stack.postgres.query(scaleSql(differing, scale), database)
  try {
    await ask(worker, 'ok')
    const cpu: number[] = []
    for (let drift = 1; drift <= driftsInOneIsolate; drift += 1) {
      await setScale(2 + drift)
      stack.sqlProxy.clear()
      const before = mainThreadCpuMs(worker.pid)
      await ask(worker, 'drift')
      cpu.push(mainThreadCpuMs(worker.pid) - before)
    }
    const [first, ...later] = cpu as [number, ...number[]]
    return { firstCpuMs: first, laterCpuMs: median(later), ...(await bytesOf(stack)) }
  } finally {
    await worker.close()
    await setScale(2)
  }
}

/** Another scale of one column in each of so many tables: the smallest difference that there is. */
function scaleSql(tables: number, scale: number): string {
  const alter = (_: unknown, index: number) =>
    `alter table table_${index} alter column total type numeric(10, ${scale});`
  return Array.from({ length: tables }, alter).join('')
}

async function ask(worker: WorkerdServer, code: string): Promise<void> {
  const answer = await fetch(worker.url + url, { signal: AbortSignal.timeout(30_000) })
  const { results } = (await answer.json()) as { results: { code: string }[] }
  if (results[0]?.code !== code) throw new Error(`expected ${code}, found ${JSON.stringify(results)}`)
}

/** Sends what the last run sent once more, and measures what goes out and what comes back. */
async function bytesOf({ sqlProxy }: TestStack): Promise<Pick<Drift, 'receivedBytes' | 'sentBytes'>> {
  let receivedBytes = 0
  let sentBytes = 0
  for (const { method, headers, body } of [...sqlProxy.requests]) {
    const { host: _host, connection: _connection, 'content-length': _length, ...rest } = headers
    const answer = await fetch(sqlProxy.url, { method, headers: rest as Record<string, string>, body })
    if (!answer.ok) throw new Error(`the question could not be repeated: ${await answer.text()}`)
    receivedBytes += (await answer.arrayBuffer()).byteLength
    sentBytes += Buffer.byteLength(body)
  }
  return { receivedBytes, sentBytes }
}

await runBench(import.meta.url, 'The moment of drift', measureDrift)
