/**
 * What the status page costs: CPU time of workerd for 90 days, 6 checks and 20 incidents, with a real Redis as the store, and how
 * many bytes it is.
 *
 * node bench/status-page.ts --help
 */
import { gzipSync } from 'node:zlib'
import { redisBackend } from '../src/dev/real-redis.ts'
import { startRedisRest } from '../src/dev/redis-rest.ts'
import { encodeHistory } from '../src/history/encode.ts'
import { expectedRunMs, observe } from '../src/history/history.ts'
import { dayMs, hourMs, minuteMs, scriptedLog } from '../test/http/status-page/scripted-log.ts'
import { startRedis } from '../test/servers/redis.ts'
import { startWorkerd } from '../test/servers/workerd.ts'
import { runBench, say } from './support/bench.ts'
import type { BenchOptions } from './support/bench-options.ts'
import { atMost, countAtMost, type Figure, measured } from './support/figure.ts'
import { kilobytes, ms } from './support/format.ts'
import { mainThreadCpuMs } from './support/process-cost.ts'
import { median } from './support/rounds.ts'

const maxCpuMs = 5
const checks = ['api', 'mail', 'search', 'images', 'billing', 'maps']
/** Pages one after the other in one isolate. */
const laterPages = 50

interface Round {
  /** The first page of an isolate, which reads the history too. */
  readonly firstMs: number
  readonly laterMs: number
  /** An answer that says only that the function is there: the cost of any request. */
  readonly liveMs: number
  readonly page: string
}

async function measureStatusPage({ short }: BenchOptions): Promise<Figure[]> {
  const redis = await startRedis()
  const rest = await startRedisRest({ backend: redisBackend(redis.url), token: 'bench' })
  const rounds: Round[] = []
  try {
    for (let round = 0; round < (short ? 3 : 7); round += 1) {
      say('measuring the status page in a new isolate')
      await redis.command('FLUSHALL')
      await redis.command('SET', 'bench:history', history(Date.now()))
      rounds.push(await measureRound(rest.url))
    }
  } finally {
    await rest.close()
    await redis.close()
  }
  const middle = (of: (round: Round) => number) => median(rounds.map(of))
  const what = 'status page, 90 days, 6 checks, 20 incidents:'
  return [
    atMost(
      `${what} CPU time`,
      middle(({ laterMs }) => laterMs),
      maxCpuMs,
      ms,
    ),
    measured(`${what} CPU time of the first one in an isolate`, ms(middle(({ firstMs }) => firstMs))),
    measured(`${what} CPU time of /health-check/live beside it`, ms(middle(({ liveMs }) => liveMs))),
    countAtMost(
      `${what} HTML`,
      middle(({ page }) => Buffer.byteLength(page)),
      30_000,
      kilobytes,
    ),
    countAtMost(
      `${what} HTML, gzip`,
      middle(({ page }) => gzipSync(page).length),
      3500,
      kilobytes,
    ),
  ]
}

/** 90 days until a moment ago, with an incident every four days. */
function history(now: number): string {
  const troubles = Array.from({ length: 20 }, (_, index) => {
    const from = now - (3 + index * 4) * dayMs - ((index * 37) % 11) * hourMs
    return { check: checks[index % 6] ?? 'api', from, until: from + (20 + ((index * 53) % 170)) * minuteMs }
  })
  const log = scriptedLog({ checks, troubles, end: now })
  return encodeHistory(observe(new Map(), log, now, expectedRunMs), expectedRunMs)
}

async function measureRound(redisUrl: string): Promise<Round> {
  const bindings = {
    HEALTH_CHECKS: checks.join(),
    HEALTH_STORE: 'redis',
    HEALTH_STORE_KEY: 'bench',
    UPSTASH_REDIS_REST_URL: redisUrl,
    UPSTASH_REDIS_REST_TOKEN: 'bench',
    // No result expires meanwhile, so that no page waits for the snapshot.
    HEALTH_TTL_PASS: '3600',
  }
  const worker = await startWorkerd({ entry: 'bench/workers/status-page.ts', bindings })
  const get = async (path: string) => {
    const answer = await fetch(`${worker.url}/health-check${path}`)
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${text}`)
    return text
  }
  const cpuOf = async (path: string, times: number) => {
    const before = mainThreadCpuMs(worker.pid)
    for (let time = 0; time < times; time += 1) await get(path)
    return (mainThreadCpuMs(worker.pid) - before) / times
  }
  try {
    await get('')
    await cpuOf('/live', 5)
    const firstMs = await cpuOf('/status', 1)
    const liveMs = await cpuOf('/live', laterPages)
    const laterMs = await cpuOf('/status', laterPages)
    return { firstMs, liveMs, laterMs, page: await get('/status') }
  } finally {
    await worker.close()
  }
}

await runBench(import.meta.url, 'The status page', measureStatusPage)
