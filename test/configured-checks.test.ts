import { expect, it } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import { standardChecks } from '../src/configured-checks.ts'
import { CheckError } from '../src/core/check.ts'
import { createHealth } from '../src/health.ts'
import { answering } from './support/http.ts'

it('a check that is not configured names its own mistakes, not those of the whole function', async () => {
  const config = readConfig({ HEALTH_TTL_PASS: 'x', UPSTASH_REDIS_REST_URL: 'redis://eu1.upstash.io:6379' })
  const variables: Record<string, string[]> = {}
  for (const { name, run } of standardChecks(config)) {
    const context = { signal: AbortSignal.abort(), timeoutMs: 1 }
    const thrown = await Promise.resolve()
      .then(() => run(context))
      .catch((error) => error)
    expect(thrown).toBeInstanceOf(CheckError)
    variables[name] = thrown.details.mistakes.map((sentence: string) => sentence.split(':')[0])
  }
  expect(variables).toEqual({
    database: ['DATABASE_URL'],
    migrations: ['DATABASE_URL'],
    celery: ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
    redis: ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  })
})

it.each([
  ['control', 'redis.example', 'redis'],
  ['control', 'broker.example', undefined],
  ['both', 'broker.example', undefined],
  ['heartbeat', 'broker.example', 'redis'],
])('celery, probed by %s at %s, depends on the check named %s', (probe, broker, dependsOn) => {
  const config = readConfig({
    UPSTASH_REDIS_REST_URL: 'https://redis.example',
    UPSTASH_REDIS_REST_TOKEN: 'redis-token',
    CELERY_REDIS_REST_URL: `https://${broker}`,
    CELERY_REDIS_REST_TOKEN: 'broker-token',
    CELERY_PROBE: probe,
  })
  const celery = standardChecks(config).find(({ name }) => name === 'celery')
  expect(celery?.dependsOn).toBe(dependsOn)
})

it.each<[string, Record<string, string>, Record<string, string | undefined>]>([
  [
    'nothing is configured',
    {},
    { database: undefined, migrations: 'database', celery: 'redis', redis: undefined },
  ],
  [
    'the broker has a mistake of its own',
    { CELERY_REDIS_REST_URL: 'redis://127.0.0.1:6379' },
    { database: undefined, migrations: 'database', celery: undefined, redis: undefined },
  ],
])('the notifiers get a missing connection once when %s', async (_, environment, expected) => {
  const { results } = await createHealth({ environment, write: () => {} }).check({ hostname: 'here' })
  expect(results.map(({ code }) => code)).toEqual(Array(4).fill('not_configured'))
  expect(Object.fromEntries(results.map(({ checker, causedBy }) => [checker, causedBy]))).toEqual(expected)
})

it.each<[string, Record<string, string>, Record<string, string | undefined>]>([
  [
    'nothing is set',
    {},
    {
      database: 'database and migrations out with HEALTH_CHECKS=celery,redis',
      migrations: 'database and migrations out with HEALTH_CHECKS=celery,redis',
      celery: 'celery and redis out with HEALTH_CHECKS=database,migrations',
      redis: 'celery and redis out with HEALTH_CHECKS=database,migrations',
    },
  ],
  ['there is no other check', { HEALTH_CHECKS: 'celery,redis' }, { celery: undefined, redis: undefined }],
  [
    'a value is wrong, since somebody wanted it',
    { HEALTH_CHECKS: 'database,redis', UPSTASH_REDIS_REST_URL: 'redis://127.0.0.1:6379' },
    { database: 'database out with HEALTH_CHECKS=redis', redis: undefined },
  ],
])('leaving checks out is offered or not when %s', async (_, environment, expected) => {
  const { results } = await createHealth({ environment, write: () => {} }).check({ hostname: 'here' })
  const offers = results.map(({ checker, details }) => [
    checker,
    /; or leave (.+)$/.exec(String(details?.['reason']))?.[1],
  ])
  expect(Object.fromEntries(offers)).toEqual(expected)
})

it('a login that is refused names the variable that it was read from, and not its value', async () => {
  const postgres = await answering(400, '{"message":"password authentication failed","code":"28P01"}')
  const redis = await answering(401, '{"error":"WRONGPASS invalid or missing auth token"}')
  const { results } = await createHealth({
    environment: {
      POSTGRES_URL: 'postgres://app:planted-secret@db.example.com/shop',
      DATABASE_HTTP_ENDPOINT: postgres,
      KV_REST_API_URL: redis,
      KV_REST_API_TOKEN: 'planted-token',
      HEALTH_CHECKS: 'database,celery,redis',
    },
    write: () => {},
  }).check({ hostname: 'here' })
  expect(results.map(({ checker, code, details }) => [checker, code, details?.['variable']])).toEqual([
    ['database', 'unauthorized', 'POSTGRES_URL'],
    ['celery', 'unauthorized', 'KV_REST_API_TOKEN'],
    ['redis', 'unauthorized', 'KV_REST_API_TOKEN'],
  ])
  expect(JSON.stringify(results)).not.toContain('planted')
})
