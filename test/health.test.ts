import { describe, expect, it } from 'vitest'
import type { Check, Outcome } from '../src/core/check.ts'
import { createHealth } from '../src/health.ts'
import { appOf } from './support/app-of.ts'

const token = 'a-token-of-the-tests'
const pass = { status: 'pass', code: 'ok', output: 'fine' } as const

/** The function with these checks and no other, as an entry has it. */
function setUp(checks: readonly Check[], environment: Record<string, string> = {}) {
  const background: Promise<unknown>[] = []
  const app = appOf(
    createHealth({
      environment: {
        HEALTH_CHECKS: checks.map(({ name }) => name).join(),
        HEALTH_TOKEN: token,
        ...environment,
      },
      checks,
      write: () => {},
    }),
  )
  return {
    background,
    async get() {
      const headers = { authorization: `Bearer ${token}` }
      const waitUntil = (work: Promise<unknown>) => void background.push(work)
      // No request begins to run in the millisecond in which it arrives.
      const context = { hostname: 'here', arrivedAt: Date.now() - 20, waitUntil }
      const response = await app.request('/health-check', { headers }, context)
      return { status: response.status, body: await response.json() }
    },
  }
}

const throws = (object: object, key: string, thrown: unknown) =>
  Object.defineProperty(object, key, {
    get() {
      throw thrown
    },
  })

describe('the details of one check', () => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()

  it.each<[string, unknown, unknown]>([
    ['an Error whose message throws', throws(new Error(), 'message', new Error('no')), '[unreadable]'],
    ['an Error whose name throws a text', throws(new Error(), 'name', 'no'), '[unreadable]'],
    ['a revoked proxy', proxy, '[unreadable]'],
    ['an Error', new Error('closed'), 'Error: closed'],
    ['a text', 'closed', 'closed'],
    ['a list', ['closed'], ['closed']],
  ])(
    'are an object and keep no other check from being answered when they are %s',
    async (_, details, value) => {
      const { get, background } = setUp([
        { name: 'odd', run: () => ({ ...pass, details }) as Outcome },
        { name: 'mail', run: () => pass },
      ])
      const { status, body } = await get()
      expect(status).toBe(200)
      expect(body).toMatchObject({
        results: [
          { checker: 'odd', status: 'pass', details: { value } },
          { checker: 'mail', status: 'pass' },
        ],
      })
      await Promise.all(background)
    },
  )
})

describe('a check that never answers', () => {
  it.each([
    ['its own timeout is beyond the deadline', 60_000, {}],
    ['its time is all but the deadline', undefined, { HEALTH_TIMEOUT_MS: '499' }],
  ])('is asked once for as long as its verdict lasts, also when %s', async (_, timeoutMs, timing) => {
    let runs = 0
    const hangs: Check = {
      name: 'hangs',
      ...(timeoutMs && { timeoutMs }),
      run() {
        runs += 1
        return new Promise(() => {})
      },
    }
    const { get } = setUp([hangs], { HEALTH_DEADLINE_MS: '500', ...timing })
    for (let count = 0; count < 2; count += 1) {
      expect(await get()).toMatchObject({ status: 503, body: { results: [{ code: 'timeout' }] } })
    }
    expect(runs).toBe(1)
  })
})

describe('the checks for the terminal', () => {
  const health = createHealth({
    environment: { HEALTH_CHECKS: 'mail' },
    checks: ['mail', 'search'].map((name) => ({ name, run: () => pass })),
    write: () => {},
  })
  const checkers = async (names?: readonly string[]) =>
    (await health.check({ hostname: 'here' }, names)).results.map(({ checker }) => checker)

  it('are those of HEALTH_CHECKS, or any that are available by name', async () => {
    expect(health.available).toEqual(['database', 'migrations', 'celery', 'redis', 'mail', 'search'])
    expect(await checkers()).toEqual(['mail'])
    expect(await checkers(['search', 'mail', 'search'])).toEqual(['search', 'mail'])
  })

  it('never are fewer than were named', async () => {
    await expect(checkers(['mail', 'serach'])).rejects.toThrow(RangeError)
  })
})
