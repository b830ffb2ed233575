/** A Worker has 6 connections at once (https://developers.cloudflare.com/workers/platform/limits/#simultaneous-open-connections). */
import { afterEach, expect, it, vi } from 'vitest'
import { createHealth } from '../../src/health.ts'
import { replay } from './migrations/replay.ts'
import { ticketing } from './migrations/ticketing.ts'

afterEach(() => void vi.unstubAllGlobals())

it('the standard checks take 5 at most, those first that HEALTH_CHECKS names first', async () => {
  const begun: string[] = []
  vi.stubGlobal('fetch', (url: string | URL, { signal }: RequestInit) => {
    begun.push(new URL(url).hostname)
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)))
  })
  const environment = {
    DATABASE_URL: 'postgres://user:password@ep-a-1.eu-central-1.aws.neon.tech/db',
    UPSTASH_REDIS_REST_URL: 'https://redis.example',
    UPSTASH_REDIS_REST_TOKEN: 'redis-token',
    CELERY_REDIS_REST_URL: 'https://broker.example',
    CELERY_REDIS_REST_TOKEN: 'broker-token',
    CELERY_PROBE: 'both',
    HEALTH_CHECKS: 'mail,database,migrations,celery,redis',
    HEALTH_TIMEOUT_MS: '1500',
    HEALTH_DEADLINE_MS: '2000',
  }
  const { expected } = await replay(ticketing)
  const mail = {
    name: 'mail',
    run: async ({ signal }: { signal: AbortSignal }) => {
      await fetch('https://mail.example', { signal })
      return { status: 'pass', code: 'ok', output: 'mail ok' } as const
    },
  }
  const health = createHealth({ environment, expected, checks: [mail], write: () => {} })
  const { results } = await health.check({ hostname: 'test', release: undefined })
  expect(results.map(({ code }) => code)).toEqual(Array(5).fill('timeout'))
  expect(begun[0]).toBe('mail.example')
  const neon = 'api.eu-central-1.aws.neon.tech'
  const standard = [neon, neon, 'broker.example', 'redis.example', 'redis.example']
  expect(begun.slice(1).sort()).toEqual(standard)
})
