import { sleep } from '../../test/servers/process.ts'
import type { RedisServer } from '../../test/servers/redis.ts'
import { exactly, type Figure, measured } from '../support/figure.ts'
import { startFlask } from '../support/peers.ts'
import { askHealthy, type Stage } from './stage.ts'

const ttlSeconds = 1

/** How often the dependencies were asked. */
interface Asked {
  /** Questions to the workers: every run of the health check asks them once, and nobody else does. */
  readonly runs: number
  readonly statements: number
  readonly commands: number
}

/** Many requests at once on a cache that has just expired. */
export async function measureStampede(stage: Stage): Promise<Figure[]> {
  const figures: Figure[] = []
  const ours = await stage.stand.startOurs({ HEALTH_TTL_PASS: String(ttlSeconds) })
  try {
    const { runs, ...one } = await countAsked(stage, () => askHealthy(ours))
    if (runs !== 1) throw new Error(`one request on an empty cache made ${runs} runs`)
    for (const count of [50, 500]) {
      await sleep(ttlSeconds * 1000 + 100)
      const asked = await countAsked(stage, () => atOnce(count, ours))
      figures.push(
        exactly(`${count} at once on an expired cache: runs`, asked.runs, 1),
        exactly(`${count} at once: SQL statements`, asked.statements, one.statements),
        exactly(`${count} at once: Redis requests`, asked.commands, one.commands),
      )
    }
  } finally {
    await ours.close()
  }
  return [...figures, await stampedeOnFlask(stage)]
}

async function stampedeOnFlask(stage: Stage): Promise<Figure> {
  const flask = await startFlask(stage.stand.peerDependencies, { TTL_PASS: String(ttlSeconds) })
  try {
    await atOnce(4, flask)
    await sleep(ttlSeconds * 1000 + 100)
    const before = await publishes(stage.stand.stack.redis)
    await atOnce(50, flask)
    const runs = (await publishes(stage.stand.stack.redis)) - before
    return measured('50 at once, Flask peer with 2 processes: runs', String(runs))
  } finally {
    await flask.close()
  }
}

async function atOnce(count: number, server: { readonly url: string }): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => askHealthy(server)))
}

async function countAsked({ stand }: Stage, ask: () => Promise<unknown>): Promise<Asked> {
  const { sqlProxy, redisProxy, redis } = stand.stack
  for (const proxy of [sqlProxy, redisProxy]) proxy.clear()
  const before = await publishes(redis)
  await ask()
  const polls = redisProxy.requests.filter(({ body }) => isPoll(body)).length
  return {
    runs: (await publishes(redis)) - before,
    statements: sqlProxy.requests.reduce((sum, { body }) => sum + statementsOf(body), 0),
    // How often the worker's answer is looked for depends on how fast the worker is.
    commands: redisProxy.requests.length - polls + Math.min(1, polls),
  }
}

/** The protocol sends one `query`, or several `queries` in a transaction. */
function statementsOf(body: string): number {
  return (JSON.parse(body) as { queries?: unknown[] }).queries?.length ?? 1
}

/** Whether this Redis command reads the workers' answers (`collectScript` of the Celery check). */
const isPoll = (body: string): boolean => body.includes('LRANGE')

/** PUBLISH commands that Redis has run so far. */
async function publishes(redis: RedisServer): Promise<number> {
  const stats = String(await redis.command('INFO', 'commandstats'))
  return Number(/^cmdstat_publish:calls=(\d+)/m.exec(stats)?.[1] ?? 0)
}
