/**
 * How long the Celery check takes with one idle worker, and how that compares with Celery's own
 * `inspect().stats()`. Fails when it is slower than promised. Run: `node bench/celery.ts`
 * @module
 */
import { type Broker, startBroker } from '../test/checks/celery/broker.ts'
import { runPython, startWorker } from '../test/servers/celery.ts'
import { sleep } from '../test/servers/process.ts'
import { runBench } from './support/bench.ts'
import { atLeast, atMost, type Figure, measured } from './support/figure.ts'

const runs = 50
const lagMs = 25
const promised = { medianMs: 75, ratio: 40 }

interface Times {
  readonly median: number
  readonly p95: number
}

function summary(durations: readonly number[]): Times {
  const sorted = durations.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { median: at(0.5), p95: at(0.95) }
}

async function measureCheck(broker: Broker): Promise<Times> {
  const durations: number[] = []
  await broker.ask({ timeoutMs: 1000 })
  for (let run = 0; run < runs; run++) {
    const start = performance.now()
    const { code } = await broker.ask({ timeoutMs: 1000 })
    durations.push(performance.now() - start)
    if (code !== 'ok') throw new Error(`the check said ${code}`)
  }
  return summary(durations)
}

/** In a process that has Celery loaded, so that its start does not count. */
async function measureInspect(redisUrl: string): Promise<Times> {
  const durations = await runPython(
    { redisUrl },
    `durations = []
for _ in range(5):
    start = time.perf_counter()
    app.control.inspect().stats()
    durations.append((time.perf_counter() - start) * 1000)
print(json.dumps(durations))`,
  )
  return summary(durations as number[])
}

/** One broker with one idle prefork worker, for as long as `measure` takes. */
async function withWorker<T>(lag: number, measure: (broker: Broker) => Promise<T>): Promise<T> {
  const broker = await startBroker(lag === 0 ? {} : { beforeTrip: () => sleep(lag) })
  const worker = startWorker({ redisUrl: broker.redis.url })
  try {
    await worker.ready()
    return await measure(broker)
  } finally {
    await worker.stop()
    await broker.close()
  }
}

const inMs = (ms: number) => `${ms.toFixed(1)} ms`
const times = (ratio: number) => `${ratio.toFixed(0)} times`

async function measureCelery(): Promise<readonly Figure[]> {
  const far = await withWorker(lagMs, measureCheck)
  const [near, inspect] = await withWorker(0, async (broker) => [
    await measureCheck(broker),
    await measureInspect(broker.redis.url),
  ])
  return [
    atMost(
      `celery check with ${lagMs} ms added to each trip, median of ${runs}`,
      far.median,
      promised.medianMs,
      inMs,
    ),
    measured(
      'celery check on loopback, median and 95th percentile',
      `${inMs(near.median)}, ${inMs(near.p95)}`,
    ),
    measured("Celery's own inspect().stats(), median", inMs(inspect.median)),
    atLeast(
      'celery check: how many times shorter than inspect().stats()',
      inspect.median / near.median,
      promised.ratio,
      times,
    ),
  ]
}

await runBench(import.meta.url, 'Celery', measureCelery)
