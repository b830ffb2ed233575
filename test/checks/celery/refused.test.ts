/** What Redis refuses the check it would refuse the workers' answers: then nothing may be sent. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
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

it('by a user who may not write sends nothing', async () => {
  await register()
  const connection = await broker.connectAs('%R~* &* +@all')
  await expect(broker.ask({ connection })).rejects.toMatchObject({ code: 'unauthorized' })
  expect(heard).toEqual([])
})
