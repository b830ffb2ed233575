import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { createWorker } from '../../../src/worker.ts'
import { type CeleryProcess, startWorker } from '../../servers/celery.ts'
import { until } from '../../servers/process.ts'
import { unhurried } from '../../support/unhurried.ts'
import { type Broker, startBroker } from './broker.ts'

const token = 'a-token-of-the-tests'

let broker: Broker
let worker: CeleryProcess
const start = async () => {
  worker = startWorker({ redisUrl: broker.redis.url, name: 'secret-name@test' })
  await worker.ready()
}
beforeAll(async () => {
  vi.spyOn(console, 'log').mockImplementation(() => {})
  broker = await startBroker()
  await start()
})
afterAll(async () => {
  vi.restoreAllMocks()
  await worker?.stop()
  await broker?.close()
})

interface Answer {
  readonly http: number
  readonly text: string
  readonly celery: { readonly code: string; readonly output: string; readonly details?: object }
}

/** What a caller gets from a new isolate, so that no result is remembered. */
async function get(authorization?: string): Promise<Answer> {
  const environment = {
    ...unhurried,
    HEALTH_CHECKS: 'celery,redis',
    HEALTH_TOKEN: token,
    UPSTASH_REDIS_REST_URL: broker.connection.url,
    UPSTASH_REDIS_REST_TOKEN: broker.connection.token,
  }
  const headers: HeadersInit = authorization ? { authorization } : {}
  const request = new Request('http://health.example/health-check', { headers })
  const response = await createWorker().fetch(request, environment, { waitUntil: () => {} })
  const text = await response.text()
  return { http: response.status, text, celery: JSON.parse(text).results[0] }
}

it('says "celery ok" to everybody and names to those with the token', async () => {
  const everybody = await get()
  expect(everybody).toMatchObject({ http: 200, celery: { code: 'ok', output: 'celery ok' } })
  expect(everybody.text).not.toContain('secret-name')
  expect((await get(`Bearer ${token}`)).celery).toMatchObject({
    details: { workers: [{ name: 'secret-name@test', queues: ['celery'] }] },
  })
})

it('says at the next run that the worker is frozen, stopped, and back', async () => {
  worker.freeze()
  const frozen = await get()
  expect(frozen).toMatchObject({ http: 503, celery: { code: 'no_reply' } })
  expect(frozen.text).not.toContain('secret-name')
  worker.thaw()
  await until('thawed', async () => (await get()).http === 200)
  worker.term()
  await until('stopped', async () => (await get()).celery.code === 'no_workers')
  await worker.stop()
  await start()
  expect(await get()).toMatchObject({ http: 200, celery: { code: 'ok' } })
})

it('repeats the fault of the redis check when neither can be asked', async () => {
  await broker.redis.stop()
  const answer = await get(`Bearer ${token}`).finally(() => broker.redis.start())
  const results = JSON.parse(answer.text).results as { checker: string; code: string }[]
  expect(results.map(({ checker, code }) => [checker, code])).toEqual([
    ['celery', 'unreachable'],
    ['redis', 'unreachable'],
  ])
})
