import { sleep } from '../../test/servers/process.ts'
import type { RedisServer } from '../../test/servers/redis.ts'
import { exactly, type Figure, measured } from '../support/figure.ts'
import { startFlask } from '../support/peers.ts'
import { askHealthy, type Stage } from './stage.ts'

const ttlSeconds = 1
/** Added to every answer, so that all requests arrive while the first one's run is under way. */
const heldMs = 300
const rounds = 3

/** How often the dependencies were asked. */
interface Asked {
  /** Questions to the workers: every run of the health check asks them once, and nobody else does. */
  readonly runs: number
  readonly statements: number
  readonly requests: number
  /** What those requests consist of: a pipeline has several. */
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
      const asked: Asked[] = []
      for (let round = 0; round < rounds; round += 1) {
        await sleep(ttlSeconds * 1000 + 100)
        asked.push(await countAsked(stage, () => atOnce(count, ours)))
      }
      const most = (of: (asked: Asked) => number) => Math.max(...asked.map(of))
      figures.push(
        exactly(
          `${count} requests at once on an expired result, ${rounds} times: runs of the checks each time`,
          most((each) => each.runs),
          1,
        ),
        exactly(
          `${count} at once: SQL statements`,
          most((each) => each.statements),
          one.statements,
        ),
        exactly(
          `${count} at once: Redis requests`,
          most((each) => each.requests),
          one.requests,
        ),
        exactly(
          `${count} at once: Redis commands`,
          most((each) => each.commands),
          one.commands,
        ),
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
    return measured('50 at once, the Flask endpoint with 2 processes: runs', String(runs))
  } finally {
    await flask.close()
  }
}

async function atOnce(count: number, server: { readonly url: string }): Promise<void> {
  await Promise.all(Array.from({ length: count }, () => askHealthy(server)))
}

async function countAsked({ stand }: Stage, ask: () => Promise<unknown>): Promise<Asked> {
  const { sqlProxy, redisProxy, redis } = stand.stack
  for (const proxy of [sqlProxy, redisProxy]) {
    proxy.clear()
    proxy.latencyMs = heldMs
  }
  const before = await publishes(redis)
  try {
    await ask()
  } finally {
    for (const proxy of [sqlProxy, redisProxy]) proxy.latencyMs = 0
  }
  const asked = redisProxy.requests.filter(({ body }) => !isPoll(body))
  const polls = redisProxy.requests.length - asked.length
  return {
    runs: (await publishes(redis)) - before,
    statements: sum(sqlProxy.requests, statementsOf),
    // How often the worker's answer is looked for depends on how fast the worker is.
    requests: asked.length + Math.min(1, polls),
    commands: sum(asked, commandsOf) + Math.min(1, polls),
  }
}

/** The protocol sends one `query`, or several `queries` in a transaction. */
function statementsOf(body: string): number {
  return (JSON.parse(body) as { queries?: unknown[] }).queries?.length ?? 1
}

/** A pipeline is a list of commands, and a command a list of words. */
function commandsOf(body: string): number {
  const sent = JSON.parse(body) as unknown[]
  return Array.isArray(sent[0]) ? sent.length : 1
}

const sum = (requests: readonly { readonly body: string }[], of: (body: string) => number) =>
  requests.reduce((total, { body }) => total + of(body), 0)

/** Whether this Redis command reads the workers' answers (`collectScript` of the Celery check). */
const isPoll = (body: string): boolean => body.includes('LRANGE')

/** PUBLISH commands that Redis has run so far. */
async function publishes(redis: RedisServer): Promise<number> {
  const stats = String(await redis.command('INFO', 'commandstats'))
  return Number(/^cmdstat_publish:calls=(\d+)/m.exec(stats)?.[1] ?? 0)
}
