/** Without a binding checks share their lists, and a late answer finds no expiry there. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { celeryCheck } from '../../../src/checks/celery/check.ts'
import { directRoute } from '../../../src/checks/celery/keys.ts'
import { type Clock, systemClock } from '../../../src/core/clock.ts'
import { type CeleryProcess, startWorker } from '../../servers/celery.ts'
import { until } from '../../servers/process.ts'
import { type Broker, startBroker } from './broker.ts'

const registry = '_kombu.binding.celery.pidbox'
/** Of one slot, so that every check uses the same list. */
const clock: Clock = { ...systemClock, now: () => 1_795_361_133_000 }
const { replyList } = directRoute({ keyPrefix: '', controlExchange: 'celery' }, clock.now())

let broker: Broker
const workers: CeleryProcess[] = []
beforeAll(async () => {
  broker = await startBroker()
  const names = ['w1@test', 'w2@test']
  workers.push(...names.map((name) => startWorker({ redisUrl: broker.redis.url, pool: 'solo', name })))
  await Promise.all(workers.map((worker) => worker.ready()))
  await broker.redis.command('DEL', registry)
})
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await broker?.close()
})

const ask = (timeoutMs: number) =>
  celeryCheck(broker.settings({ expectedWorkers: 2, timeoutMs }), clock).run({
    signal: AbortSignal.timeout(60_000),
    timeoutMs: 60_000,
  })
const ttl = () => broker.redis.command('TTL', replyList)

it('many at once are answered each by all, in one list', async () => {
  const outcomes = await Promise.all(Array.from({ length: 30 }, () => ask(5000)))
  for (const outcome of outcomes) {
    expect(outcome).toMatchObject({ code: 'ok', details: { subscribers: 2, answered: 2 } })
  }
  expect((await broker.keys()).filter((key) => key.includes('edge-health'))).toEqual([replyList])
  expect(await ttl()).toBeGreaterThan(0)
})

it('the next check gives a list its expiry that a late answer has made, and reads nothing of it', async () => {
  for (const worker of workers) worker.freeze()
  expect((await ask(50)).code).not.toBe('ok')
  await broker.redis.command('DEL', replyList)
  for (const worker of workers) worker.thaw()
  await until('late answers', async () => (await broker.redis.command('LLEN', replyList)) === 2)
  expect(await ttl()).toBe(-1)
  expect(await ask(5000)).toMatchObject({ code: 'ok', details: { answered: 2 } })
  expect(await ttl()).toBeGreaterThan(0)
})
