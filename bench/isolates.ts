/**
 * Many workerd processes that share one real Redis, with wrong clocks and a slow network: how often do the checks run?
 *
 * node bench/isolates.ts --minutes 10
 */
import { play } from '../src/cli/doctor/play.ts'
import { monthSeconds, requestsOf } from '../src/cli/doctor/requests.ts'
import { startManyIsolates } from '../test/store/many-isolates.ts'
import { runBench, say } from './support/bench.ts'
import type { BenchOptions } from './support/bench-options.ts'
import { atMost, type Figure, measured } from './support/figure.ts'
import { ms } from './support/format.ts'

const ttlSeconds = 5
const deadlineMs = 3500

async function measureIsolates({ short, flappingSeconds }: BenchOptions): Promise<Figure[]> {
  const processes = short ? 8 : 50
  const seconds = short ? 20 : flappingSeconds
  const isolates = await startManyIsolates({ processes, ttlSeconds, skewMs: 30_000 })
  try {
    await isolates.load(10_000)
    isolates.delay(20)
    say(`asking ${processes} processes for ${seconds} s`)
    const { runs, commands, answers, slowestMs } = await isolates.countedLoad(seconds * 1000)
    const perTtl = (count: number) => (count * ttlSeconds) / seconds
    const what = `${processes} isolates with one store, clocks wrong by up to 30 s, Redis 20 ms away:`
    const show = (value: number) => value.toFixed(2)
    return [
      atMost(`${what} runs for each TTL`, perTtl(runs), 1.05, show),
      measured(`${what} Redis commands for each TTL`, show(perTtl(commands))),
      measured(`${what} answers`, String(answers)),
      atMost(`${what} slowest answer`, slowestMs, deadlineMs + 250, ms),
      measured(`${what} isolates that found the store too slow`, String(isolates.alone())),
    ]
  } finally {
    await isolates.close()
  }
}

/**
 * A monitor with 16 checkers that asks every 30 s, twice as fast. Not faster: Redis tells its time in whole seconds, so results
 * may seem to expire a second early, which is much of a short TTL.
 */
async function measureMonitor({ short }: BenchOptions): Promise<Figure[]> {
  const [processes, everySeconds, ttl] = [16, 15, 13.5]
  const seconds = short ? 60 : 180
  const isolates = await startManyIsolates({
    processes,
    ttlSeconds: ttl,
    skewMs: 0,
    pauseMs: 1000 * everySeconds,
  })
  try {
    await isolates.load(1000 * everySeconds)
    say(`asking ${processes} processes every ${everySeconds} s for ${seconds} s`)
    const { commands, answers } = await isolates.countedLoad(seconds * 1000)
    const requests = Array.from({ length: answers }, (_, index) => ({
      at: (index * everySeconds) / processes,
      isolate: index % processes,
      asks: ['redis'],
    }))
    const { store, runs } = play(requests, { seconds, ttlSeconds: { redis: ttl }, hasStore: true })
    const computed = store.reads + store.writes + (runs.get('redis') ?? 0)
    const what = `${processes} checkers, each asking an isolate of its own more seldom than results expire:`
    return [
      atMost(
        `${what} Redis commands, beside those that edge-health doctor computes`,
        commands / computed,
        1.1,
        (value) => value.toFixed(2),
      ),
      ...[27, 120].map((ttlSeconds) => monthOf(ttlSeconds)),
    ]
  } finally {
    await isolates.close()
  }
}

/** At 27 s every answer needs a look at the snapshot, whatever is done: 1.38 million answers are as many commands. */
function monthOf(ttlSeconds: number): Figure {
  const monitor = { everySeconds: 30, checkers: 16, asks: ['redis'] }
  const plan = { checks: ['redis'], crons: [], monitor }
  const { store } = play(requestsOf(plan), {
    seconds: monthSeconds,
    ttlSeconds: { redis: ttlSeconds },
    hasStore: true,
  })
  const commands = store.reads + store.writes
  const what = `16 checkers every 30 s, HEALTH_TTL_PASS=${ttlSeconds}: the store's commands in a month, computed`
  const show = (value: number) => `${(value / 1e6).toFixed(2)} million`
  return ttlSeconds > 30 ? atMost(what, commands, 500_000, show) : measured(what, show(commands))
}

await runBench(import.meta.url, 'Isolates with one store', async (options) => [
  ...(await measureIsolates(options)),
  ...(await measureMonitor(options)),
])
