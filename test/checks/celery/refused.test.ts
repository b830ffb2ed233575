/** What Redis refuses the check it would refuse the workers' answers: then nothing may be sent. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { celeryCheck } from '../../../src/checks/celery/check.ts'
import { aclRule } from '../../../src/checks/celery/permissions.ts'
import { type Clock, systemClock } from '../../../src/core/clock.ts'
import { until } from '../../servers/process.ts'
import { type Broker, startBroker } from './broker.ts'

const registry = '_kombu.binding.celery.pidbox'

let broker: Broker
const heard: string[] = []
beforeAll(async () => {
  // For `CONFIG SET dir`, which makes saving fail.
  broker = await startBroker({ redis: { 'enable-protected-configs': 'yes', save: '3600 1' } })
  const stranger = await broker.listenToEverything()
  stranger.on('pmessage', (_pattern: string, _channel: string, message: string) => {
    if (message !== '') heard.push(message)
  })
})
afterEach(async () => {
  heard.length = 0
  await broker.redis.command('FLUSHALL')
})
afterAll(() => broker?.close())

const register = () => broker.redis.command('SADD', registry, '\x06\x16\x06\x16w1@test.celery.pidbox')

async function failSaving(): Promise<() => Promise<unknown>> {
  const [, directory] = (await broker.redis.command('CONFIG', 'GET', 'dir')) as string[]
  await broker.redis.command('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'yes')
  await broker.redis.command('CONFIG', 'SET', 'dir', '/proc')
  await broker.redis.command('BGSAVE')
  const failed = async () =>
    String(await broker.redis.command('INFO', 'persistence')).includes('rdb_last_bgsave_status:err')
  await until('saving failed', failed)
  return async () => {
    await broker.redis.command('CONFIG', 'SET', 'dir', String(directory))
    await broker.redis.command('CONFIG', 'SET', 'stop-writes-on-bgsave-error', 'no')
  }
}

async function set(breaking: string[], repairing: string[]): Promise<() => Promise<unknown>> {
  await broker.redis.command(...breaking)
  return () => broker.redis.command(...repairing)
}

const faults = [
  ['OOM', 'full', () => set(['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0'])],
  ['READONLY', 'replica', () => set(['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'])],
  ['MISCONF', 'stop-writes-on-bgsave-error', failSaving],
] as const

it.each(faults)('by %s: is an error that says so, and no worker is asked', async (reply, word, fault) => {
  for (const registered of [true, false]) {
    if (registered) await register()
    else await broker.redis.command('DEL', registry)
    const repair = await fault()
    const asked = expect(broker.ask()).rejects.toMatchObject({
      code: 'error',
      details: { reply, hint: expect.stringContaining(word) },
    })
    await asked.finally(repair)
  }
  expect(heard).toEqual([])
})

it.each([
  ['READONLY', () => set(['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE'])],
  ['MISCONF', failSaving],
] as const)('by %s is not reported as no_workers where nobody listens', async (reply, fault) => {
  const quiet = broker.ask({ controlExchange: 'nobody' })
  expect(await quiet).toMatchObject({ code: 'no_workers' })
  const repair = await fault()
  const asked = expect(broker.ask({ keyPrefix: 'nobody:' })).rejects.toMatchObject({ details: { reply } })
  await asked.finally(repair)
})

it('by a user who may not EXPIRE leaves no list in each run, and what it leaves expires with the next one who may', async () => {
  await register()
  const rule = aclRule(broker.settings())
  const connection = await broker.connectAs(rule.replace(' +expire', ''))
  // Of one slot, so that every run uses the same set.
  const clock: Clock = { ...systemClock, now: () => 1_795_361_133_000 }
  const ask = (changes: Parameters<Broker['settings']>[0]) =>
    celeryCheck(broker.settings({ timeoutMs: 50, ...changes }), clock).run({
      signal: AbortSignal.timeout(10_000),
      timeoutMs: 10_000,
    })
  const left = async () => (await broker.keys()).filter((key) => key.includes('edge-health'))
  for (let run = 0; run < 3; run++) {
    await expect(ask({ connection })).rejects.toMatchObject({ code: 'unauthorized' })
  }
  const [set = '', ...others] = await left()
  expect(others).toEqual([])
  expect(await broker.redis.command('TTL', set)).toBe(-1)
  expect(heard).toEqual([])
  await ask({})
  expect(await broker.redis.command('TTL', set)).toBeGreaterThan(0)
})

it('by a user who may not write sends nothing', async () => {
  await register()
  const connection = await broker.connectAs('%R~* &* +@all')
  await expect(broker.ask({ connection })).rejects.toMatchObject({ code: 'unauthorized' })
  expect(heard).toEqual([])
})
