/**
 * What a failing run of the cron costs: CPU time of workerd, with frozen Celery workers, Sentry and a heartbeat service.
 * The run asks what failed twice, and waits for each answer to the end of CELERY_TIMEOUT_MS.
 *
 * node bench/cron.ts --help
 */
import { type HeartbeatService, startHeartbeat } from '../test/servers/heartbeat.ts'
import { type SentryIngest, startSentryIngest } from '../test/servers/sentry-ingest.ts'
import { startWorkerd, type WorkerdServer } from '../test/servers/workerd.ts'
import { startAll } from '../test/support/start-all.ts'
import { runBench, say } from './support/bench.ts'
import type { BenchOptions } from './support/bench-options.ts'
import { atMost, exactly, type Figure, measured } from './support/figure.ts'
import { ms } from './support/format.ts'
import { mainThreadCpuMs } from './support/process-cost.ts'
import { median } from './support/rounds.ts'
import { type Stand, startStand } from './support/stand.ts'

/** Workers Free, for each cron trigger too (https://developers.cloudflare.com/workers/platform/limits/#cpu-time). */
const maxCpuMs = 10

interface Tellers {
  readonly sentry: SentryIngest
  readonly heartbeat: HeartbeatService
}

/** CPU time in ms. Runs are the first failing ones of isolates that ran well before, unless it says something else. */
interface Round {
  readonly withSentry: number
  readonly withoutSentry: number
  readonly next: number
  /** The first run of an isolate that never ran before. */
  readonly cold: number
  /** A bare Worker that sends as many requests at the same times. */
  readonly bare: number
  /** Check-ins and events to Sentry, and pings. */
  readonly deliveries: number
}

async function measureCron({ short }: BenchOptions): Promise<Figure[]> {
  const stand = await startStand()
  const [sentry, heartbeat] = await Promise.all([startSentryIngest(), startHeartbeat()])
  const rounds: Round[] = []
  try {
    for (let round = 0; round < (short ? 3 : 7); round += 1) {
      say('measuring failing runs of the cron')
      rounds.push(await measureRound(stand, { sentry, heartbeat }))
    }
  } finally {
    await Promise.all([stand.close(), sentry.close(), heartbeat.close()])
  }
  const middle = (of: (round: Round) => number) => median(rounds.map(of))
  const beyondRequests = (name: 'withSentry' | 'withoutSentry' | 'next' | 'cold') =>
    middle((round) => round[name] - round.bare)
  const what = 'cron run with frozen workers:'
  return [
    atMost(
      `${what} CPU time beyond its requests, with a heartbeat`,
      beyondRequests('withoutSentry'),
      maxCpuMs,
      ms,
    ),
    atMost(`${what} … and with Sentry, from the second on`, beyondRequests('next'), maxCpuMs, ms),
    measured(`${what} … and with Sentry, the first in an isolate`, ms(beyondRequests('withSentry'))),
    measured(`${what} … in an isolate that never ran before`, ms(beyondRequests('cold'))),
    measured(`${what} CPU time of the requests alone, from a bare Worker`, ms(middle(({ bare }) => bare))),
    exactly(
      `${what} check-ins, events and pings`,
      middle(({ deliveries }) => deliveries),
      4,
    ),
  ]
}

const failing = '"code":"no_reply"'

async function measureRound(stand: Stand, { sentry, heartbeat }: Tellers): Promise<Round> {
  const { stack, celery } = stand
  const withHeartbeat = {
    HEALTH_TTL_PASS: '0',
    CELERY_QUEUES: 'celery',
    CELERY_MAX_BACKLOG: '100',
    HEARTBEAT_URL: heartbeat.url,
  }
  const withSentry = { ...withHeartbeat, SENTRY_DSN: sentry.dsn, SENTRY_MONITOR_SLUG: 'health-check' }
  const [warm, quiet, cold] = await startAll([
    stand.startOurs(withSentry),
    stand.startOurs(withHeartbeat),
    stand.startOurs(withSentry),
  ])
  try {
    for (const worker of [warm, quiet]) await cpuOfRun(worker, '"status":"pass"')
    celery.freeze()
    stack.sqlProxy.clear()
    stack.redisProxy.clear()
    sentry.clear()
    heartbeat.pings.splice(0)
    const first = await cpuOfRun(warm, failing)
    const deliveries = sentry.envelopes.length + heartbeat.pings.length
    const requests = [...stack.sqlProxy.requests, ...stack.redisProxy.requests]
    // Each process has a CPU time of its own, and most of a run is waiting.
    const [next, withoutSentry, coldRun, bare] = await Promise.all([
      cpuOfRun(warm, failing),
      cpuOfRun(quiet, failing),
      cpuOfRun(cold, failing),
      bareCpuOf(
        stand,
        requests.map(({ arrivedAt }) => arrivedAt),
        deliveries,
      ),
    ])
    return { withSentry: first, withoutSentry, next, cold: coldRun, bare, deliveries }
  } finally {
    celery.thaw()
    await Promise.all([warm.close(), quiet.close(), cold.close()])
  }
}

/** The deliveries are sent at the end, as the last of them are. */
async function bareCpuOf({ stack }: Stand, arrivals: number[], deliveries: number): Promise<number> {
  const first = Math.min(...arrivals)
  const last = Math.max(...arrivals)
  const times = [...arrivals, ...Array.from({ length: deliveries }, () => last)].map((time) => time - first)
  const bindings = { ...stack.environment, TIMES: times.sort((a, b) => a - b) }
  const bare = await startWorkerd({ entry: 'bench/workers/requests.ts', bindings })
  try {
    return await cpuOfRun(bare)
  } finally {
    await bare.close()
  }
}

/** @throws unless the line of the run holds what it was to find */
async function cpuOfRun(worker: WorkerdServer, expected = ''): Promise<number> {
  const from = worker.output().length
  const before = mainThreadCpuMs(worker.pid)
  const { outcome } = await worker.fireScheduled()
  const cpuMs = mainThreadCpuMs(worker.pid) - before
  const line = worker.output().slice(from)
  if (outcome !== 'ok' || !line.includes(expected))
    throw new Error(`expected ${expected}, found ${outcome}: ${line}`)
  return cpuMs
}

await runBench(import.meta.url, 'A failing run of the cron', measureCron)
