/**
 * The faults of servers and workers, asked over TCP: the function on Lambda, with the rights of docs/least-privilege.md. Those of
 * the HTTP endpoints in between are HTTP's alone, and how long an answer takes is measured there.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep } from '../servers/process.ts'
import { leaksIn } from '../support/leaks.ts'
import { redisUser } from '../support/least-privilege.ts'
import { type Deployable, makeDeployable, type Platform, type Variables } from '../support/platforms.ts'
import { healthToken } from '../support/stack.ts'
import { startAll } from '../support/start-all.ts'
import type { Codes, Fault } from './fault.ts'
import { everything } from './faults.ts'
import { postgresFaults } from './postgres-faults.ts'
import { redisFaults } from './redis-faults.ts'
import { startTestEnvironment, type TestEnvironment } from './test-environment.ts'
import { workerFaults } from './worker-faults.ts'

const ttlMs = 1000
/** HEALTH_DEADLINE_MS and what an answer may take beyond it. */
const answeredWithinMs = 3500 + 250
const withToken = { authorization: `Bearer ${healthToken}` }
const green: Codes = { database: 'ok', migrations: 'ok', celery: 'ok', redis: 'ok' }

let testEnvironment: TestEnvironment
let deployable: Deployable
let standing: Platform
beforeAll(async () => {
  ;[testEnvironment, deployable] = await startAll([startTestEnvironment(), makeDeployable()])
  standing = await start({})
  await answerOf(standing)
})
afterAll(async () => {
  await standing?.close()
  deployable?.close()
  await testEnvironment?.close()
})

/** The function on Lambda alone: on Workers there are no sockets. */
async function start(variables: Variables): Promise<Platform> {
  const { DATABASE_URL = '', HEALTH_TOKEN = '' } = testEnvironment.environment
  const { name, password } = redisUser
  const redisUrl = Object.assign(new URL(testEnvironment.redis.url), { username: name, password }).href
  const platforms = await deployable.start({
    DATABASE_URL,
    HEALTH_TOKEN,
    REDIS_URL: redisUrl,
    HEALTH_TTL_PASS: String(ttlMs / 1000),
    HEALTH_TTL_FAIL: String(ttlMs / 1000),
    ...variables,
  })
  const lambda = platforms.find((platform) => platform.name === 'Lambda')
  await Promise.all(platforms.filter((platform) => platform !== lambda).map((platform) => platform.close()))
  if (!lambda) throw new Error('there is no function on Lambda')
  return lambda
}

async function answerOf(platform: Platform) {
  const answer = await platform.send('/health-check?fresh', withToken)
  const { results } = JSON.parse(answer.text) as { results: { checker: keyof Codes; code: string }[] }
  const codes = Object.fromEntries(results.map(({ checker, code }) => [checker, code]))
  return { ...answer, codes }
}

const faults: readonly Fault[] = [...postgresFaults, ...redisFaults, ...workerFaults, ...everything]

describe('the Lambda function over TCP', () => {
  it('is green while nothing is wrong', async () => {
    const { status, codes } = await answerOf(standing)
    expect({ status, codes }).toEqual({ status: 200, codes: green })
  })

  it.each(faults)('$name', { timeout: 90_000 }, async (fault) => {
    await testEnvironment.workers.recover()
    let platform = standing
    try {
      const repair = await fault.inject(testEnvironment)
      try {
        if (fault.variables) platform = await start(fault.variables(testEnvironment))
        const { status, codes, ms, text } = await answerOf(platform)
        expect({ status, codes }).toEqual({ status: fault.status, codes: { ...green, ...fault.codes } })
        expect(ms).toBeLessThan(answeredWithinMs)
        expect(leaksIn(text, testEnvironment.planted)).toEqual([])
        expect(leaksIn(platform.output(), testEnvironment.planted)).toEqual([])
      } finally {
        await repair()
      }
      if (fault.disturbsWorkers) await testEnvironment.workers.recover()
      await sleep(ttlMs)
      expect((await answerOf(platform)).codes).toEqual(green)
    } finally {
      if (platform !== standing) await platform.close()
    }
  })
})
