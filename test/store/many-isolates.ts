import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { startFaultProxy } from '../servers/fault-proxy.ts'
import { sleep } from '../servers/process.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'
import { startWorkerd, type WorkerdServer } from '../servers/workerd.ts'
import { startAll } from '../support/start-all.ts'

export interface ManyIsolates {
  readonly redis: RedisServer
  /** Adds this many ms to every answer of Redis. */
  delay(ms: number): void
  /** All of them asked again and again for this long, in ms. */
  load(ms: number): Promise<Load>
  /** The same, and what Redis was asked meanwhile. */
  countedLoad(ms: number): Promise<Load & Counted>
  /** How many of them have found that the store does not answer in time, and then ran for themselves. */
  alone(): number
  close(): Promise<void>
}

export interface Load {
  readonly answers: number
  /** Statuses other than 200, and what could not be asked. */
  readonly bad: readonly string[]
  readonly slowestMs: number
}

export interface Counted {
  /** How often the checks ran in all isolates together. */
  readonly runs: number
  /** Redis commands in all, with those of the checks. */
  readonly commands: number
}

/** workerd processes that share one real Redis, each with a wrong clock of its own. */
export async function startManyIsolates(options: {
  readonly processes: number
  readonly ttlSeconds: number
  /** The clocks are wrong by up to this many ms, in both directions. */
  readonly skewMs: number
  /** Between two requests to the same isolate, in ms. [100] */
  readonly pauseMs?: number
}): Promise<ManyIsolates> {
  const pauseMs = options.pauseMs ?? 100
  const token = 'planted-redis-token'
  const redis = await startRedis()
  const rest = await startRedisRest({ backend: redisBackend(redis.url), token })
  const proxy = await startFaultProxy(rest.url)
  const workers: WorkerdServer[] = []
  const close = async () => {
    await Promise.all(workers.map((worker) => worker.close()))
    await proxy.close()
    await rest.close()
    await redis.close()
  }
  const skewOf = (index: number) => Math.round(options.skewMs * ((2 * index) / (options.processes - 1) - 1))
  try {
    workers.push(
      ...(await startAll(
        Array.from({ length: options.processes }, (_, index) =>
          startWorkerd({
            entry: 'test/store/skewed-worker.ts',
            bindings: {
              CLOCK_SKEW_MS: String(skewOf(index)),
              HEALTH_CHECKS: 'redis',
              HEALTH_STORE: 'redis',
              HEALTH_TTL_PASS: String(options.ttlSeconds),
              HEALTH_TOKEN: 'planted-health-token',
              UPSTASH_REDIS_REST_URL: proxy.url,
              UPSTASH_REDIS_REST_TOKEN: token,
            },
          }),
        ),
      )),
    )
  } catch (error) {
    await close()
    throw error
  }
  const load = async (ms: number): Promise<Load> => {
    const seen = { answers: 0, bad: [] as string[], slowestMs: 0 }
    const endAt = performance.now() + ms
    await Promise.all(
      workers.map(async (worker, index) => {
        // The checkers of a monitor do not ask at the same moment.
        await sleep((pauseMs * index) / workers.length)
        await askUntil(worker, endAt, pauseMs, seen)
      }),
    )
    return seen
  }
  return {
    redis,
    delay: (ms) => {
      proxy.latencyMs = ms
    },
    load,
    async countedLoad(ms) {
      const before = await commandsOf(redis)
      const seen = await load(ms)
      // What is written after the last answer is counted too.
      await sleep(300)
      const after = await commandsOf(redis)
      const more = (name: string) => (after[name] ?? 0) - (before[name] ?? 0)
      return { ...seen, runs: more('get'), commands: more('get') + more('set') + more('getrange') }
    },
    alone: () => workers.filter((worker) => worker.output().includes('store cannot be asked')).length,
    close,
  }
}

async function askUntil(
  { url }: WorkerdServer,
  endAt: number,
  pauseMs: number,
  seen: { answers: number; bad: string[]; slowestMs: number },
): Promise<void> {
  while (performance.now() < endAt) {
    const startedAt = performance.now()
    const status = await fetch(`${url}/health-check`, { signal: AbortSignal.timeout(10_000) }).then(
      async (answer) => {
        await answer.arrayBuffer()
        return String(answer.status)
      },
      (error: unknown) => String(error),
    )
    seen.answers += 1
    seen.slowestMs = Math.max(seen.slowestMs, performance.now() - startedAt)
    if (status !== '200') seen.bad.push(status)
    await sleep(pauseMs)
  }
}

/** How often Redis has run each command; the redis check sends GET, and nothing else does. */
async function commandsOf(redis: RedisServer): Promise<Readonly<Record<string, number>>> {
  const stats = String(await redis.command('INFO', 'commandstats'))
  return Object.fromEntries(
    [...stats.matchAll(/^cmdstat_(\w+):calls=(\d+)/gm)].map(([, name = '', calls]) => [name, Number(calls)]),
  )
}
