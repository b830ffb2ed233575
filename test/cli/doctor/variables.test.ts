import { expect, it } from 'vitest'
import { effectsOf } from '../../../src/cli/doctor/variables.ts'
import { readConfig } from '../../../src/config/config.ts'
import { secretVariables } from '../../../src/config/variables.ts'

const tcp = { postgres: true, redis: true }

const effects = (environment: Record<string, string>) =>
  Object.fromEntries(
    effectsOf(environment, readConfig(environment, [], tcp)).map(({ variable, ...rest }) => [variable, rest]),
  )

const complete = {
  DATABASE_URL: 'postgres://planted-user:planted-password@planted-host.neon.tech/app',
  UPSTASH_REDIS_REST_URL: 'https://planted-redis.upstash.io',
  UPSTASH_REDIS_REST_TOKEN: 'planted-redis-token',
}

it('says what is set, what is a default and what is not set', () => {
  expect(effects({ ...complete, HEALTH_TTL_PASS: '60' })).toMatchObject({
    DATABASE_URL: { state: 'set', effect: expect.stringContaining('Postgres connection string') },
    HEALTH_TTL_PASS: { state: 'set', value: '60' },
    HEALTH_TTL_FAIL: { state: 'default', value: '9' },
    HEALTH_REDIS_TTL_PASS: { state: 'unset', effect: expect.stringContaining('good result of redis') },
    HEALTH_TOKEN: { state: 'unset' },
  })
})

it('never shows a secret, also where one was pasted into another variable', () => {
  const secrets = Object.fromEntries(secretVariables.map((name) => [name, `planted-value-of-${name}`]))
  const pasted = { ...secrets, ...complete, HEALTH_HOSTNAME: 'at planted-redis-token', HEALTH_TITEL: 'x' }
  expect(JSON.stringify(effects(pasted))).not.toMatch(/planted/)
})

it('says why a variable that is set does nothing', () => {
  const found = effects({
    ...complete,
    POSTGRES_URL: 'postgres://a:b@c.neon.tech/d',
    REDIS_URL: 'redis://127.0.0.1',
    CELERY_HEARTBEAT_KEY: 'beat',
    CELERY_PRIORITY_STEPS: '0,1',
    HEALTH_STORE_KEY: 'shop',
    ALERT_AFTER: '3',
    SENTRY_ENVIRONMENT: 'staging',
  })
  expect(found).toMatchObject({
    POSTGRES_URL: { state: 'unused', effect: 'not used: DATABASE_URL comes first' },
    REDIS_URL: { state: 'unused', effect: 'not used: UPSTASH_REDIS_REST_TOKEN comes first' },
    CELERY_HEARTBEAT_KEY: { state: 'unused', value: 'beat', effect: 'not used: CELERY_PROBE is control' },
    CELERY_PRIORITY_STEPS: { state: 'unused', effect: 'not used: CELERY_MAX_BACKLOG is not set' },
    HEALTH_STORE_KEY: { state: 'unused', effect: 'not used: HEALTH_STORE is off' },
    ALERT_AFTER: { state: 'unused', effect: 'not used: there is no channel for alerts' },
    SENTRY_ENVIRONMENT: { state: 'unused', effect: 'not used: SENTRY_DSN is not set' },
  })
  expect(found['UPSTASH_REDIS_REST_URL']).toMatchObject({ state: 'set' })
  expect(
    effects({ ...complete, HEALTH_CHECKS: 'redis', CELERY_QUEUES: 'mail' })['CELERY_QUEUES'],
  ).toMatchObject({
    effect: 'not used: celery is not among HEALTH_CHECKS',
  })
})

it('says what is wrong, and what the function does not read', () => {
  const found = effects({ UPSTASH_REDIS_REST_URL: 'redis://x', HEALTH_TTL_PAS: '3', HEALTH_NONSENSE: 'x' })
  expect(found).toMatchObject({
    DATABASE_URL: { state: 'wrong', effect: expect.stringContaining('found nothing') },
    UPSTASH_REDIS_REST_URL: { state: 'wrong', effect: expect.stringContaining('REST URL') },
    HEALTH_TTL_PAS: {
      state: 'unknown',
      effect: 'the function does not read it (Did you mean HEALTH_TTL_PASS?)',
    },
    HEALTH_NONSENSE: { state: 'unknown', effect: 'the function does not read it' },
  })
})

it('misses nothing for checks that do not exist here', () => {
  expect(effects({ ...complete, DATABASE_URL: '', HEALTH_CHECKS: 'redis' })).toMatchObject({
    DATABASE_URL: { state: 'unset' },
  })
})
