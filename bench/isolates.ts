/**
 * Many workerd processes that share one real Redis, with wrong clocks and a slow network: how often do the checks run?
 *
 * node bench/isolates.ts --minutes 10
 */
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

await runBench(import.meta.url, 'Isolates with one store', measureIsolates)
