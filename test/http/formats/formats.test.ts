/** Other forms of the answer, and what is seen without the token, through the app. */
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/check.ts'
import type { AppOptions } from '../../../src/http/app.ts'
import { appOf } from '../../support/app-of.ts'
import { appOptions } from '../../support/app-options.ts'
import { resultOf } from './reports.ts'

const token = 'a-token-of-the-tests'
const secret = 'a-secret-of-oh-dear'
const details = { note: 'private' }

function setUp(
  more: Partial<AppOptions> = {},
  results: readonly Result[] = [resultOf('redis', 'fail', { details })],
) {
  let runs = 0
  const answering = appOptions({
    token,
    async results() {
      runs += 1
      return results
    },
    lastResults: async () => results,
    ...more,
  })
  const context = { arrivedAt: 0, hostname: 'health-check/fra', release: '1', waitUntil: () => {} }
  const app = appOf({ answering })
  return {
    runs: () => runs,
    async get(path: string, headers: Record<string, string> = {}, method = 'GET') {
      const response = await app.request(`http://health.example${path}`, { method, headers }, context)
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
  }
}

const bearer = { authorization: `Bearer ${token}` }
const paths = ['/health-check/metrics', '/health-check/badge.json'] as const
const formatPaths = ['', '?format=text', '?format=health%2Bjson', '?format=ohdear'].map(
  (query) => `/health-check${query}`,
)

describe('?format=', () => {
  it.each([
    ['health%2Bjson', 'application/health+json', 503],
    ['text', 'text/plain; charset=utf-8', 503],
    ['ohdear', 'application/json', 200],
  ])('%s has its own type, and the status code of its readers', async (format, type, status) => {
    const { get, runs } = setUp()
    const answer = await get(`/health-check?format=${format}`)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    expect(answer.text).not.toContain('private')
    expect(runs()).toBe(1)
  })

  it.each(['xml', '', 'toString', 'json'])('%j is 406 with the list of formats', async (format) => {
    const { get, runs } = setUp()
    const answer = await get(`/health-check?format=${encodeURIComponent(format)}`)
    expect(answer.status).toBe(406)
    expect(JSON.parse(answer.text)).toEqual({
      error: 'there is no such format',
      code: 'not_acceptable',
      formats: ['health+json', 'ohdear', 'text'],
    })
    expect(runs()).toBe(0)
  })

  it('takes a plus sign that was not encoded, which a query reads as a space', async () => {
    expect((await setUp().get('/health-check?format=health+json')).status).toBe(503)
  })

  it('shows details to a caller with the token', async () => {
    expect((await setUp().get('/health-check?format=health%2Bjson', bearer)).text).toContain('private')
  })
})

describe('the secret of Oh Dear', () => {
  const path = '/health-check?format=ohdear'
  const right = { 'oh-dear-health-check-secret': secret }

  it('is asked for where it is set', async () => {
    const { get } = setUp({ ohDearSecret: secret })
    expect((await get(path)).status).toBe(401)
    expect((await get(path, { 'oh-dear-health-check-secret': 'another' })).status).toBe(401)
    expect((await get(path, right)).status).toBe(200)
    expect((await get('/health-check')).status).toBe(503)
  })

  it('opens this format and no other where nothing is public', async () => {
    const { get } = setUp({ ohDearSecret: secret, visibility: 'none' })
    expect(JSON.parse((await get(path, right)).text).checkResults).toHaveLength(1)
    expect((await get('/health-check', right)).status).toBe(401)
    expect((await setUp({ visibility: 'none' }).get(path)).status).toBe(401)
  })
})

describe.each([...formatPaths, ...paths])('HEALTH_PUBLIC and %s', (path) => {
  it('none: 401 without the token', async () => {
    const { get } = setUp({ visibility: 'none' })
    expect((await get(path)).status).toBe(401)
    expect((await get(path, { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await get(path, bearer)).text).not.toContain('unauthorized')
  })

  it('status: says whether all is well, and nothing of any check', async () => {
    const { get } = setUp({ visibility: 'status' })
    const hidden = await get(path)
    const shown = await get(path, bearer)
    expect(hidden.status).toBe(shown.status)
    expect(hidden.text).not.toMatch(/redis|slow/)
    if (path !== '/health-check/badge.json') expect(shown.text).toContain('redis')
    const said = /"status":"fail|unhealthy|failed$|edge_health_overall_status="fail"} 1$/m
    expect(hidden.text).toMatch(said)
    const well = await setUp({ visibility: 'status' }, [resultOf('redis')]).get(path)
    expect(well.text).not.toMatch(said)
  })
})

it('/health-check/live is always public', async () => {
  expect((await setUp({ visibility: 'none' }).get('/health-check/live')).status).toBe(200)
})

describe.each(paths)('%s', (path) => {
  it('never asks a dependency, and answers 200 also when a check fails', async () => {
    const { get, runs } = setUp()
    const answer = await get(path)
    expect([answer.status, runs()]).toEqual([200, 0])
    expect(answer.text).not.toContain('private')
  })

  it('answers 405 to another method', async () => {
    expect((await setUp().get(path, {}, 'POST')).status).toBe(405)
  })
})

describe('the badge', () => {
  const badge = async (results: readonly Result[], more: Partial<AppOptions> = {}) =>
    JSON.parse((await setUp(more, results).get('/health-check/badge.json')).text)

  it.each([
    ['pass', 'healthy', 'brightgreen'],
    ['warn', 'healthy, with a warning', 'yellow'],
    ['fail', 'unhealthy', 'red'],
  ] as const)('of %s is what shields.io draws', async (status, message, color) => {
    const expected = { schemaVersion: 1, label: 'health', message, color, cacheSeconds: 300 }
    expect(await badge([resultOf('redis', status)])).toEqual(expected)
    expect(await badge([resultOf('redis', status)], { visibility: 'status' })).toEqual(expected)
  })

  it('is never green where nothing is known', async () => {
    expect(await badge([])).toMatchObject({ message: 'no data', color: 'lightgrey' })
  })
})
