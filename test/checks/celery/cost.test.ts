import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CelerySettings } from '../../../src/checks/celery/check.ts'
import { celeryCommands } from '../../../src/cli/doctor/plan-of.ts'
import { type CeleryProcess, startWorker } from '../../servers/celery.ts'
import { until } from '../../servers/process.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
let worker: CeleryProcess
beforeAll(async () => {
  broker = await startBroker({ beforeTrip: untilAnswered })
  worker = startWorker({
    redisUrl: broker.redis.url,
    pool: 'solo',
    args: ['--without-heartbeat', '--without-mingle', '--without-gossip'],
  })
  await worker.ready()
})
afterAll(async () => {
  await worker?.stop()
  await broker?.close()
})

/** Whether somebody answers what is asked. */
let isAnswered = true

/** As on a network, the answer is there when it is first asked for; on a busy machine the next look would cost too. */
async function untilAnswered(): Promise<void> {
  const { publish = 0 } = await commandsSoFar()
  // The first push is that of the check itself.
  if (isAnswered && publish > 0)
    await until('the answer', async () => ((await commandsSoFar())['lpush'] ?? 0) > 1)
}

/** Every command that Redis ran during one check, scripts' own included; not those by which a worker waits. */
async function commandsOf(changes: Partial<CelerySettings> = {}): Promise<Record<string, number>> {
  await broker.redis.command('CONFIG', 'RESETSTAT')
  await broker.ask(changes)
  return commandsSoFar()
}

async function commandsSoFar(): Promise<Record<string, number>> {
  const info = String(await broker.redis.command('INFO', 'commandstats'))
  const ofTheWorkersWaiting = ['brpop', 'ping', 'config|resetstat', 'info']
  const counts = [...info.matchAll(/cmdstat_(\S+?):calls=(\d+)/g)].map(([, name, calls]) => [
    name,
    Number(calls),
  ])
  return Object.fromEntries(counts.filter(([name]) => !ofTheWorkersWaiting.includes(String(name))))
}

it('costs 9 billed commands, and 2 of the worker that answers', async () => {
  const commands = await commandsOf()
  const ofTheWorker = { smembers: 1, lpush: 1 }
  expect(commands).toEqual({
    ...{ eval: 2, srandmember: 1, publish: 1, sadd: 1, expire: 2, lrange: 1 },
    ...{ ...ofTheWorker, lpush: 1 + ofTheWorker.lpush },
  })
})

it('writes 4 times, and each worker once: with R read regions docs/prices.md bills R more for each', async () => {
  const { sadd = 0, expire = 0, lpush = 0 } = await commandsOf()
  const ofTheWorker = 1
  const writes = sadd + expire + lpush - ofTheWorker
  const prices = readFileSync('docs/prices.md', 'utf8')
  const rowOf = (what: string, reads: number, written: number) =>
    `| ${[what, written, `${reads + written} + ${written === 1 ? '' : written}R`, ...[0, 1, 3].map((regions) => reads + written * (1 + regions))].join(' | ')} |`
  expect(prices).toContain(rowOf('`celery` check', 9 - writes, writes))
  expect(prices).toContain(rowOf('each worker that answers', 2 - ofTheWorker, ofTheWorker))
})

it('costs 2 more where the workers have another separator than is known', async () => {
  const commands = await commandsOf({ separator: '|' })
  expect(commands).toMatchObject({ eval: 3, srandmember: 2 })
  expect(sum(commands)).toBe(11 + 2)
})

it('costs no more when nobody is registered', async () => {
  const members = (await broker.redis.command('SMEMBERS', '_kombu.binding.celery.pidbox')) as string[]
  await broker.redis.command('DEL', '_kombu.binding.celery.pidbox')
  const commands = await commandsOf()
  await broker.redis.command('SADD', '_kombu.binding.celery.pidbox', ...members)
  expect(commands).toEqual({ eval: 2, srandmember: 1, publish: 2, lpush: 2, expire: 1, lrange: 1 })
})

it('costs 5 more with a limit for the backlog of one queue', async () => {
  const commands = await commandsOf({ maxBacklog: 10 })
  expect(commands).toMatchObject({ eval: 3, llen: 4 })
  expect(sum(commands)).toBe(11 + 5)
})

it('costs 2 more to see whether one queue moves', async () => {
  const commands = await commandsOf({ queues: ['celery'] })
  expect(commands).toMatchObject({ eval: 3, lindex: 1 })
  expect(sum(commands)).toBe(11 + 2)
})

it('costs 1 more for each counted queue in which something waits', async () => {
  const settings = { maxBacklog: 10, queues: ['mail'] }
  const empty = sum(await commandsOf(settings))
  await broker.redis.command('RPUSH', 'mail', 'waiting')
  const commands = await commandsOf(settings)
  await broker.redis.command('DEL', 'mail')
  expect(commands).toMatchObject({ eval: 3, llen: 8, lindex: 1 })
  expect(sum(commands)).toBe(empty + 1)
})

it('costs 8 when nobody is subscribed', async () => {
  isAnswered = false
  const commands = await commandsOf({ controlExchange: 'nobody' })
  isAnswered = true
  expect(commands).toEqual({ eval: 2, srandmember: 2, publish: 2, expire: 2 })
})

it('costs 1 to read the heartbeat', async () => {
  expect(await commandsOf({ probe: 'heartbeat' })).toEqual({ get: 1 })
})

const sum = (commands: Record<string, number>) =>
  Object.values(commands).reduce((total, calls) => total + calls, 0)

/** All settings that cost something, as `edge-health doctor` prices them. */
it.each<[settings: Parameters<typeof celeryCommands>[0]]>([
  [{ probe: 'control' }],
  [{ probe: 'heartbeat' }],
  [{ probe: 'both' }],
  [{ probe: 'control', queues: ['celery'] }],
  [{ probe: 'control', queues: ['celery'], maxBacklog: 10, prioritySteps: [0, 5] }],
])('costs with %j what edge-health doctor says', async (settings) => {
  const { reads, writes } = celeryCommands(settings, 1)
  // A queue in which something waits costs 1 more, and this is the price of such a one.
  await broker.redis.command('SET', 'edge-health:celery', String(Math.floor(Date.now() / 1000)))
  const commands = await commandsOf(settings)
  const empty = settings.maxBacklog === undefined ? 0 : 1
  expect(sum(commands) + empty).toBe(reads + writes)
  const { sadd = 0, expire = 0, lpush = 0 } = commands
  expect(sadd + expire + lpush).toBe(writes)
})

it('costs 25 where all workers are silent, whatever CELERY_TIMEOUT_MS is', async () => {
  worker.freeze()
  isAnswered = false
  const commands = await commandsOf({ timeoutMs: 4000 })
  isAnswered = true
  worker.thaw()
  expect(commands).toMatchObject({ eval: 9, srandmember: 2, exists: 1 })
  expect(sum(commands)).toBe(25)
})
