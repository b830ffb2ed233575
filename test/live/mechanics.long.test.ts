import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { HttpService } from '../../src/dev/http-service.ts'
import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { runProgram } from '../cli/run-bin.ts'
import { startRedis } from '../servers/redis.ts'
import { answering, serve } from '../support/http.ts'
import { leaksIn } from '../support/leaks.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { refusal } from './guard.ts'
import { instantTargets } from './instant.ts'

const readOnlyToken = 'planted-read-only-token'
const token = 'planted-redis-token'

let stack: TestStack
let rest: HttpService
let environment: Record<string, string>
beforeAll(async () => {
  stack = await startStack()
  rest = await startRedisRest({ backend: redisBackend(stack.redis.url), token, readOnlyToken })
  environment = {
    LIVE_DATABASE_URL: stack.postgres.url(),
    LIVE_DATABASE_HTTP_ENDPOINT: stack.environment['DATABASE_HTTP_ENDPOINT'] as string,
    LIVE_REDIS_REST_URL: rest.url,
    LIVE_REDIS_REST_TOKEN: token,
    LIVE_REDIS_REST_READ_ONLY_TOKEN: readOnlyToken,
    LIVE_REDIS_URL: stack.redis.url,
  }
})
afterAll(async () => {
  await rest?.close()
  await stack?.close()
})

describe('the live suite', () => {
  it('runs, here against the local stack, and leaves nothing behind', async () => {
    const neon = await answering(200, JSON.stringify({ endpoint: { current_state: 'idle' } }))
    const api = { LIVE_NEON_API: neon, LIVE_NEON_API_KEY: 'planted-key', LIVE_NEON_PROJECT_ID: 'project' }
    const { code, text } = await runLive({ ...environment, ...api })
    expect(text).toContain('3 passed')
    expect(text).not.toContain('skipped')
    expect(code, text).toBe(0)
    expect(await refusal(environment)).toBeUndefined()
  })

  it('asks for databases of its own with --instant, and runs on those', async () => {
    const asked: string[] = []
    const postgres = await serve((request, response) => {
      asked.push(`${request.method} ${request.url?.replace(/[0-9a-f-]{36}/, 'ID')}`)
      response.end(JSON.stringify({ connection_string: stack.postgres.url() }))
    })
    const redis = await serve((request, response) => {
      asked.push(`${request.method} ${request.headers['user-agent']}`)
      response.end(
        `# Your Redis is ready\n\n**Endpoint:** ${rest.url}\n**Token:** ${token}\n**Expires:** soon\n`,
      )
    })
    const { code, text } = await runLive(
      {
        LIVE_INSTANT_POSTGRES: postgres,
        LIVE_INSTANT_REDIS: redis,
        // Here Redis has no TLS and another port.
        LIVE_REDIS_URL: stack.redis.url,
        LIVE_DATABASE_HTTP_ENDPOINT: environment['LIVE_DATABASE_HTTP_ENDPOINT'] as string,
      },
      ['--instant'],
    )
    expect(asked.toSorted()).toEqual([
      'GET /api/v1/database/ID',
      'POST /api/v1/database/ID?referrer=npm%3Aedge-health-check',
      'POST edge-health-check',
    ])
    expect(text).toContain('Two new databases')
    expect(text).toContain('3 passed')
    expect(leaksIn(text, [{ name: 'the token', value: token }])).toEqual([])
    expect(code, text).toBe(0)
  })

  it.each([
    ['refuses', 429, '{}', 'Neon refused to give a database: HTTP status 429.'],
    ['gives no connection string', 200, '{}', 'Neon gave a database without a connection string.'],
  ])('says so when a service %s', async (_, status, body, sentence) => {
    const page = `**Endpoint:** ${rest.url}\n**Token:** ${token}`
    const redis = await answering(200, page)
    await expect(instantTargets({ postgres: await answering(status, body), redis })).rejects.toThrow(sentence)
  })

  it('says so when Upstash gives no token, or is not there', async () => {
    const postgres = await answering(200, JSON.stringify({ connection_string: stack.postgres.url() }))
    const redis = await answering(200, '# Your Redis is ready')
    await expect(instantTargets({ postgres, redis })).rejects.toThrow('without an endpoint and a token')
    await expect(instantTargets({ postgres, redis: 'http://127.0.0.1:1' })).rejects.toThrow(
      'Upstash could not be asked for a database (unreachable).',
    )
  })

  it('refuses in one sentence that names what is missing', async () => {
    const { code, text } = await runLive({ LIVE_DATABASE_URL: stack.postgres.url() })
    expect(code).toBe(1)
    const sentence =
      'npm run test:live needs LIVE_REDIS_REST_URL, LIVE_REDIS_REST_TOKEN, LIVE_REDIS_URL: see docs/live.md.'
    expect(text).toContain(sentence)
    expect(text).not.toContain('passed')
  })

  it('refuses a database with a table, and a Redis with a key, that it did not make', async () => {
    await stack.postgres.query('create table somebodys (id int)')
    expect(await refusal(environment)).toBe(
      'npm run test:live refuses LIVE_DATABASE_URL: it has 1 table that this suite did not make, so give it an empty database.',
    )
    await stack.postgres.query('drop table somebodys')
    await stack.redis.command('SET', 'somebodys', '1')
    expect(await refusal(environment)).toBe(
      'npm run test:live refuses LIVE_REDIS_URL: it has 1 key that this suite did not make, so give it an empty database.',
    )
    await stack.redis.command('DEL', 'somebodys')
  })

  it('refuses two databases for one, and looks for keys in both', async () => {
    const other = await startRedis()
    onTestFinished(() => other.close())
    const apart = { ...environment, LIVE_REDIS_URL: other.url }
    expect(await refusal(apart)).toBe(
      'npm run test:live refuses LIVE_REDIS_URL: it is another database than LIVE_REDIS_REST_URL, so give it the TCP URL of the same one.',
    )
    expect([await other.command('DBSIZE'), await stack.redis.command('DBSIZE')]).toEqual([0, 0])
    await stack.redis.command('SET', 'somebodys', '1')
    expect(await refusal(apart)).toBe(
      'npm run test:live refuses LIVE_REDIS_REST_URL: it has 1 key that this suite did not make, so give it an empty database.',
    )
    await stack.redis.command('DEL', 'somebodys')
  })

  it('refuses what it cannot look at, without a secret', async () => {
    for (const wrong of [
      { LIVE_DATABASE_URL: stack.postgres.url().replace(stack.postgres.password, 'planted-wrong') },
      { LIVE_REDIS_URL: 'redis://:planted-wrong@127.0.0.1:1' },
      { LIVE_REDIS_REST_TOKEN: 'planted-wrong' },
    ]) {
      const sentence = (await refusal({ ...environment, ...wrong })) ?? ''
      expect(sentence).toContain('could not look at what it was given')
      expect(leaksIn(sentence, [{ name: 'the password', value: 'planted-wrong' }])).toEqual([])
    }
  })
})

async function runLive(variables: Record<string, string>, options: readonly string[] = []) {
  const args = ['test/live/run.ts', ...options]
  const env = { NO_COLOR: '1', ...variables }
  const { exitCode, stdout, stderr } = await runProgram(process.execPath, args, { env })
  return { code: exitCode, text: stdout + stderr }
}
