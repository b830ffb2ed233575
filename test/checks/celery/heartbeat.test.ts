import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { redisOverRest } from '../../../src/clients/redis.ts'
import { type Broker, startBroker } from './broker.ts'

let broker: Broker
beforeAll(async () => {
  broker = await startBroker()
})
beforeEach(() => broker.redis.command('FLUSHALL'))
afterAll(() => broker?.close())

const write = (value: string | number, key = 'edge-health:celery') =>
  broker.redis.command('SET', key, value, 'EX', 3600)
const now = () => Date.now() / 1000

/** Asks for a beat of this age; by the time of the answer it is older, on a busy machine by seconds. */
async function askAtAge(seconds: number) {
  const beatAt = now() - seconds
  await write(beatAt)
  const outcome = await broker.ask({ probe: 'heartbeat' })
  const age = outcome.details?.['heartbeat_age_seconds']
  expect(age).toBeGreaterThanOrEqual(seconds - 0.1)
  expect(age).toBeLessThanOrEqual(now() - beatAt + 0.1)
  return outcome
}

it('is well while the beat task ran lately, with no worker asked', async () => {
  const outcome = await askAtAge(20)
  expect(outcome).toMatchObject({ status: 'pass', code: 'ok', output: 'celery ok' })
  expect(outcome.details).not.toHaveProperty('subscribers')
})

it('fails when there is none', async () => {
  expect(await broker.ask({ probe: 'heartbeat' })).toMatchObject({
    status: 'fail',
    code: 'no_heartbeat',
    output: 'no Celery heartbeat was found',
  })
})

it('fails with the age when it is stale', async () => {
  expect(await askAtAge(200)).toMatchObject({
    code: 'stale_heartbeat',
    output: 'the Celery heartbeat is too old',
  })
})

it('reads the key and the age that were set', async () => {
  await write(now() - 5, 'shop:heartbeat')
  const settings = { probe: 'heartbeat', heartbeatKey: 'shop:heartbeat' } as const
  expect((await broker.ask({ ...settings, heartbeatMaxAgeSeconds: 3600 })).code).toBe('ok')
  expect((await broker.ask({ ...settings, heartbeatMaxAgeSeconds: 2 })).code).toBe('stale_heartbeat')
})

it('forgives a clock that is a little ahead', async () => {
  await write(now() + 30)
  expect(await broker.ask({ probe: 'heartbeat' })).toMatchObject({
    code: 'ok',
    details: { heartbeat_age_seconds: 0 },
  })
})

it.each([
  ['milliseconds', String(Date.now())],
  ['a date', '2026-11-22T15:00:00Z'],
  ['nothing', ''],
  ['a word', 'NaN'],
])('is a wrong answer when it is %s instead of seconds', async (_what, value) => {
  await write(value)
  await expect(broker.ask({ probe: 'heartbeat' })).rejects.toMatchObject({ code: 'wrong_answer' })
})

it('is read from the application, whatever the broker is', async () => {
  const elsewhere = { url: 'http://127.0.0.1:1', token: 'other' }
  await write(now())
  expect(await broker.ask({ probe: 'heartbeat', connection: elsewhere })).toMatchObject({ code: 'ok' })
})

it('is asked together with the workers, who come first', async () => {
  expect(await broker.ask({ probe: 'both' })).toMatchObject({
    code: 'no_workers',
    details: { also_found: ['no_heartbeat'] },
  })
})

it('can be read with a token that may only read', async () => {
  await write(now())
  const heartbeatRedis = redisOverRest(broker.readOnlyConnection)
  expect(await broker.ask({ probe: 'heartbeat', heartbeatRedis })).toMatchObject({ code: 'ok' })
})
