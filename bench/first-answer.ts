/**
 * What the first answer of a new isolate costs: CPU time of workerd for a run of all four checks where the database fails and
 * Sentry is notified, beside the same without Sentry, the same where all is well, and a bare Worker that sends 5 requests.
 *
 * node bench/first-answer.ts --help
 */
import { sleep } from '../test/servers/process.ts'
import { startSentryIngest } from '../test/servers/sentry-ingest.ts'
import { startWorkerd, type WorkerdServer } from '../test/servers/workerd.ts'
import { runBench, say } from './support/bench.ts'
import type { BenchOptions } from './support/bench-options.ts'
import { type Figure, measured } from './support/figure.ts'
import { ms } from './support/format.ts'
import { mainThreadCpuMs } from './support/process-cost.ts'
import { alternate, median } from './support/rounds.ts'
import { type Stand, startStand, uncached } from './support/stand.ts'

async function measureFirstAnswer({ short }: BenchOptions): Promise<Figure[]> {
  const stand = await startStand()
  const sentry = await startSentryIngest()
  // The database refuses it, and the check of the migrations repeats that.
  const failing = { DATABASE_URL: stand.stack.postgres.url().replace(/:[^:@/]+@/, ':wrong@') }
  const withSentry = { ...failing, SENTRY_DSN: sentry.dsn }
  const first = async (more: Readonly<Record<string, string>>, expected: number) => {
    const worker = await stand.startOurs({ ...uncached, ...more })
    try {
      return await cpuOfAnswer(worker, expected)
    } finally {
      await worker.close()
    }
  }
  try {
    const cpu = await alternate(short ? 5 : 15, {
      async failingWithSentry() {
        say('measuring the first answer of new isolates')
        sentry.clear()
        const cpuMs = await first(withSentry, 503)
        if (sentry.envelopes.length === 0) throw new Error('Sentry was not notified')
        return cpuMs
      },
      failing: () => first(failing, 503),
      passing: () => first({}, 200),
      bare: () => bareCpuOf(stand),
    })
    const what = 'first answer of an isolate, all 4 checks: CPU time'
    return [
      measured(`${what} where the database fails, with Sentry`, ms(median(cpu.failingWithSentry))),
      measured(`${what} where the database fails, without Sentry`, ms(median(cpu.failing))),
      measured(`${what} where all is well`, ms(median(cpu.passing))),
      measured(`${what} of 5 requests from a bare Worker, for comparison`, ms(median(cpu.bare))),
    ]
  } finally {
    await Promise.all([stand.close(), sentry.close()])
  }
}

/** What is left to do after the answer is counted too: the event is sent then. */
async function cpuOfAnswer(worker: WorkerdServer, expected: number): Promise<number> {
  const before = mainThreadCpuMs(worker.pid)
  const answer = await fetch(`${worker.url}/health-check`)
  const text = await answer.text()
  if (answer.status !== expected) throw new Error(`expected ${expected}, found ${answer.status}: ${text}`)
  return (await atRest(worker)) - before
}

/** CPU time so far, once the process has done nothing for a while. */
async function atRest({ pid }: WorkerdServer): Promise<number> {
  for (let before = -1, since = 0; ; ) {
    const now = mainThreadCpuMs(pid)
    if (now !== before) [before, since] = [now, Date.now()]
    else if (Date.now() - since > 200) return now
    await sleep(20)
  }
}

async function bareCpuOf({ stack }: Stand): Promise<number> {
  const bindings = { ...stack.environment, TIMES: [0, 0, 0, 0, 0] }
  const bare = await startWorkerd({ entry: 'bench/workers/requests.ts', bindings })
  try {
    const before = mainThreadCpuMs(bare.pid)
    await bare.fireScheduled()
    return (await atRest(bare)) - before
  } finally {
    await bare.close()
  }
}

await runBench(import.meta.url, 'The first answer of an isolate', measureFirstAnswer)
