import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpService } from '../../src/local/http-service.ts'
import { redisBackend } from '../../src/local/real-redis.ts'
import { startRedisRest } from '../../src/local/redis-rest.ts'
import { leaksIn } from '../support/leaks.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { refusal } from './guard.ts'

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
    const { code, text } = await runLive(environment)
    expect(text).toContain('2 passed')
    expect(code, text).toBe(0)
    expect(await refusal(environment)).toBeUndefined()
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

  it('refuses what it cannot look at, without a secret', async () => {
    for (const wrong of [
      { LIVE_DATABASE_URL: stack.postgres.url().replace(stack.postgres.password, 'planted-wrong') },
      { LIVE_REDIS_URL: 'redis://:planted-wrong@127.0.0.1:1' },
    ]) {
      const sentence = (await refusal({ ...environment, ...wrong })) ?? ''
      expect(sentence).toContain('could not look at what it was given')
      expect(leaksIn(sentence, [{ name: 'the password', value: 'planted-wrong' }])).toEqual([])
    }
  })
})

function runLive(variables: Record<string, string>): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve) => {
    const { PATH = '' } = process.env
    const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'live']
    const child = spawn(process.execPath, args, { env: { PATH, NO_COLOR: '1', ...variables } })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
    }
    child.once('close', (code) => resolve({ code, text }))
  })
}
