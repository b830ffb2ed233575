/** A broker over TCP may be any database of its Redis: keys lie in one of them, while channels are heard in all. */
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { redisOverTcp } from '../../../src/clients/redis-tcp.ts'
import { createHealth } from '../../../src/health.ts'
import { type CeleryProcess, startWorker } from '../../servers/celery.ts'
import { unhurried } from '../../support/unhurried.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
const workers: CeleryProcess[] = []
beforeAll(async () => {
  broker = await startBroker()
  const [first, third] = ['w0@test', 'w3@test'].map((name, at) =>
    startWorker({ redisUrl: `${broker.redis.url}/${at * 3}`, pool: 'solo', name }),
  )
  workers.push(...[first, third].filter((worker) => worker !== undefined))
  await Promise.all(workers.map((worker) => worker.ready()))
})
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await broker?.close()
})

async function ask(url: string) {
  const addresses = { CELERY_REDIS_URL: url, REDIS_URL: broker.redis.url }
  const environment = { ...unhurried, ...addresses, HEALTH_CHECKS: 'celery' }
  const transports = { redis: (of: string) => redisOverTcp(of, async () => Redis) }
  const health = createHealth({ environment, transports, write: () => {} })
  const report = await health.check({ hostname: 'test', release: undefined })
  return report.results[0]
}

it.each([
  ['', 'w0@test'],
  ['/0', 'w0@test'],
  ['/3', 'w3@test'],
  ['?db=3', 'w3@test'],
])('with %j behind the host asks the workers of that database and no others', async (path, name) => {
  expect(await ask(broker.redis.url + path)).toMatchObject({
    code: 'ok',
    details: { subscribers: 1, workers: [{ name }] },
  })
})

it('leaves its keys there and nowhere else, with an expiry', async () => {
  const client = new Redis(`${broker.redis.url}/3`)
  const [before] = [(await broker.keys()).filter((key) => key.includes('edge-health'))]
  await ask(`${broker.redis.url}/3`)
  expect((await broker.keys()).filter((key) => key.includes('edge-health'))).toEqual(before)
  const keys = (await client.keys('*edge-health*')).sort()
  const times = await Promise.all(keys.map((key) => client.ttl(key)))
  client.disconnect()
  expect(keys.length).toBeGreaterThan(0)
  for (const seconds of times) expect(seconds).toBeGreaterThan(0)
})

it('is allowed by the rule that the details of a refusal name', async () => {
  const refused = await broker.redis.command('ACL', 'SETUSER', 'user', 'on', '>password', '+ping')
  expect(refused).toBe('OK')
  const url = `${broker.redis.url.replace('redis://', 'redis://user:password@')}/3`
  const { code, details } = (await ask(url)) ?? {}
  expect(code).toBe('unauthorized')
  await broker.redis.command(
    'ACL',
    'SETUSER',
    'user',
    'resetchannels',
    ...String(details?.['acl_rule']).split(' '),
  )
  expect(await ask(url)).toMatchObject({ code: 'ok' })
})

it('names the channel of the database where nobody is subscribed', async () => {
  const { code, details } = (await ask(`${broker.redis.url}/5`)) ?? {}
  expect(code).toBe('no_workers')
  expect(String(details?.['hint'])).toMatch(/to \/5\.celery\.pidbox.*database 5/)
})
