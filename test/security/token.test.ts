import { globSync, readFileSync } from 'node:fs'
import { timingSafeEqual } from 'hono/utils/buffer'
import { afterEach, expect, it, vi } from 'vitest'
import { createHealth } from '../../src/health.ts'
import { appOf } from '../support/app-of.ts'

/** Hono's own function, watched. */
vi.mock('hono/utils/buffer', async (original) => {
  const module = await original<typeof import('hono/utils/buffer')>()
  return { ...module, timingSafeEqual: vi.fn(module.timingSafeEqual) }
})
afterEach(() => {
  vi.clearAllMocks()
})

const token = 'a-token-of-the-tests'

async function ask(authorization: string, environment: Record<string, string> = { HEALTH_TOKEN: token }) {
  const health = createHealth({
    environment: { HEALTH_CHECKS: 'shop', ...environment },
    checks: [{ name: 'shop', run: () => ({ status: 'pass', code: 'ok', output: 'shop ok' }) }],
    write: () => {},
  })
  const request = new Request('http://localhost/health-check', { headers: { authorization } })
  const context = { hostname: 'here', release: undefined, arrivedAt: Date.now(), waitUntil: () => {} }
  return (await appOf(health).fetch(request, context)).status
}

it.each([
  ['the token', token, 200],
  ['one that differs in its first character', `x${token.slice(1)}`, 401],
  ['one that differs in its last character', `${token.slice(0, -1)}x`, 401],
  ['one of another length', 'x', 401],
])('%s is compared in constant time, and only so', async (_what, credential, status) => {
  expect(await ask(`Bearer ${credential}`)).toBe(status)
  expect(vi.mocked(timingSafeEqual).mock.calls).toEqual([[token, credential]])
})

it('the answer is that of the comparison', async () => {
  vi.mocked(timingSafeEqual).mockResolvedValueOnce(false)
  expect(await ask(`Bearer ${token}`)).toBe(401)
  vi.mocked(timingSafeEqual).mockResolvedValueOnce(true)
  expect(await ask('Bearer another')).toBe(200)
})

/** Comparisons of a secret with anything but `undefined`. */
const comparisons = (source: string) =>
  [...source.matchAll(/([\w.]+) [!=]== ([\w.]+)/g)].filter(
    ([, left = '', right = '']) =>
      /token|credential|authorization/i.test(left + right) && left !== 'undefined' && right !== 'undefined',
  )

it('no source that answers requests compares a token with ===', () => {
  expect(comparisons('token === credential')).toHaveLength(1)
  expect(comparisons('given !== options.token')).toHaveLength(1)
  expect(comparisons('token !== undefined')).toHaveLength(0)
  const answering = globSync(['src/*.ts', 'src/{checks,clients,config,core,http,notify,platforms}/**/*.ts'])
  expect(answering.length).toBeGreaterThan(60)
  for (const path of answering) expect(comparisons(readFileSync(path, 'utf8')), path).toEqual([])
})
