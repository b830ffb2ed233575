import { expect, it } from 'vitest'
import { Failure } from '../../src/check.ts'
import { standardChecks } from '../../src/checks/standard.ts'
import { readConfig } from '../../src/config.ts'

it('a check that is not configured names its own mistakes, not those of the whole function', async () => {
  const config = readConfig({ HEALTH_TTL_PASS: 'x', UPSTASH_REDIS_REST_URL: 'redis://eu1.upstash.io:6379' })
  const variables: Record<string, string[]> = {}
  for (const { name, run } of standardChecks(config, undefined)) {
    const context = { signal: AbortSignal.abort(), timeoutMs: 1 }
    const thrown = await Promise.resolve()
      .then(() => run(context))
      .catch((error) => error)
    expect(thrown).toBeInstanceOf(Failure)
    variables[name] = thrown.details.mistakes.map((sentence: string) => sentence.split(':')[0])
  }
  expect(variables).toEqual({
    database: ['DATABASE_URL'],
    migrations: ['DATABASE_URL'],
    celery: ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
    redis: ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN'],
  })
})
