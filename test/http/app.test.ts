import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/check.ts'
import { lastAnswers } from '../../src/http/answer-last.ts'
import type { AppOptions, ResultsRequest } from '../../src/http/app.ts'
import { appOf } from '../support/app-of.ts'
import { appOptions } from '../support/app-options.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { schemaOf } from '../support/schema.ts'

const matchesSchema = schemaOf('answer')
const token = 'a-token-of-the-tests'

function setUp(more: Partial<AppOptions> = {}) {
  const clock = fakeClock()
  const asked: { names: readonly string[]; request: ResultsRequest }[] = []
  const bugs: unknown[] = []
  const outcome = (checker: string): Result => ({
    checker,
    status: 'pass',
    code: 'ok',
    output: `${checker} ok`,
    details: { note: 'private' },
    timestamp: clock.now(),
    expires: clock.now() + 27_000,
    responseTime: 1,
  })
  const answering = appOptions({
    clock,
    checkers: ['database', 'celery', 'redis'],
    token,
    lastResults: async (names) => names.map(outcome),
    results: async (names, request) => {
      asked.push({ names, request })
      return names.map(outcome)
    },
    onBug: (error) => bugs.push(error),
    ...more,
  })
  const app = appOf({ answering })
  const context = {
    arrivedAt: clock.now(),
    hostname: 'health-check/fra',
    release: '4f2a91c',
    waitUntil: () => {},
  }
  const send = (path: string, init: RequestInit = {}) =>
    app.request(`http://health.example${path}`, init, context)
  const get = async (path: string, authorization?: string) => {
    const response = await send(path, authorization === undefined ? {} : { headers: { authorization } })
    return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
  }
  return { send, get, asked, bugs, clock }
}

describe('GET /health-check', () => {
  it.each([
    '/health-check',
    '/health-check/',
    '/health-check?uptime_kuma_cachebuster=7',
    '/health-check?check=',
    '/health-check?check=,%20,',
  ])('answers %s with every check, by the schema', async (path) => {
    const { get, asked, clock } = setUp()
    const { status, body } = await get(path)
    expect(status).toBe(200)
    expect(matchesSchema(body), JSON.stringify(matchesSchema.errors)).toBe(true)
    expect(Object.keys(body)).toEqual(['status', 'timestamp', 'hostname', 'release', 'results'])
    expect(asked).toMatchObject([
      { names: ['database', 'celery', 'redis'], request: { fresh: false, deadlineAt: clock.now() + 3500 } },
    ])
  })

  it.each([
    ['redis', ['redis']],
    ['redis,database', ['database', 'redis']],
    [' redis , redis,', ['redis']],
  ])('asks only those of ?check=%s, each once, in the order of the configuration', async (value, names) => {
    const { get, asked } = setUp()
    const { body } = await get(`/health-check?check=${encodeURIComponent(value)}`)
    expect(body.results.map(({ checker }: { checker: string }) => checker)).toEqual(names)
    expect(asked[0]?.names).toEqual(names)
  })

  it('merges repeated ?check=', async () => {
    const { get } = setUp()
    const { body } = await get('/health-check?check=redis&check=database,redis')
    expect(body.results).toHaveLength(2)
  })

  it.each(['nosuch', 'database,nosuch', 'Database', 'constructor', '__proto__', '%ZZ'])(
    'answers ?check=%s with 404 and the names there are, never with an empty list',
    async (value) => {
      const { get, asked } = setUp()
      const { status, body } = await get(`/health-check?check=${value}`)
      expect(status).toBe(404)
      expect(body).toEqual({
        error: 'there is no such check here',
        code: 'unknown_check',
        checks: ['database', 'celery', 'redis'],
      })
      expect(asked).toHaveLength(0)
    },
  )

  it('answers a failed check with the configured status and a complete body', async () => {
    const failed = (checker: string): Result => ({
      checker,
      status: 'fail',
      code: 'timeout',
      output: 'x',
      timestamp: 1e12,
      expires: 1e12,
      responseTime: 1,
    })
    const { get } = setUp({ failedStatus: 500, results: async (names) => names.map(failed) })
    const { status, body } = await get('/health-check')
    expect(status).toBe(500)
    expect(body.status).toBe('failure')
    expect(body.results).toHaveLength(3)
  })

  it('answers HEAD like GET, without the body', async () => {
    const { send, asked } = setUp()
    const response = await send('/health-check', { method: 'HEAD' })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await response.text()).toBe('')
    expect(asked).toHaveLength(1)
  })
})

describe('the token', () => {
  it('shows details, and only then', async () => {
    const { get } = setUp()
    expect((await get('/health-check', `Bearer ${token}`)).body.results[0].details).toEqual({
      note: 'private',
    })
    expect((await get('/health-check', `bearer  ${token}  `)).body.results[0].details).toEqual({
      note: 'private',
    })
    expect((await get('/health-check')).body.results[0]).not.toHaveProperty('details')
  })

  it.each([
    'Bearer wrong',
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    'Bearer x y',
    `Bearer ${token} ${token}`,
  ])('that is wrong (%s) is 401, before any check is asked', async (authorization) => {
    const { get, asked } = setUp()
    const { status, body, headers } = await get('/health-check', authorization)
    expect([status, body.code, headers.get('www-authenticate')]).toEqual([401, 'unauthorized', 'Bearer'])
    expect(asked).toHaveLength(0)
  })

  it('of many spaces is read in one go: looked at from each of them, it would outlast this test', async () => {
    const { get } = setUp()
    expect((await get('/health-check', `Bearer x${' '.repeat(300_000)}y`)).status).toBe(401)
  })

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer ', 'Digest x', token, ''])(
    'is not what stands in %j, which is ignored',
    async (authorization) => {
      const { get } = setUp()
      const { status, body } = await get('/health-check', authorization)
      expect(status).toBe(200)
      expect(body.results[0]).not.toHaveProperty('details')
    },
  )

  it('is ignored when none is configured, and nobody gets details', async () => {
    const { get } = setUp({ token: undefined })
    const { status, body } = await get('/health-check', 'Bearer undefined')
    expect(status).toBe(200)
    expect(body.results[0]).not.toHaveProperty('details')
  })

  it('is needed for ?fresh', async () => {
    const { get, asked } = setUp()
    expect((await get('/health-check?fresh')).status).toBe(401)
    expect((await get('/health-check?fresh', 'Basic x')).status).toBe(401)
    expect((await setUp({ token: undefined }).get('/health-check?fresh', 'Bearer x')).status).toBe(401)
    expect((await get('/health-check?fresh', `Bearer ${token}`)).status).toBe(200)
    expect(asked).toMatchObject([{ request: { fresh: true } }])
  })

  it('is not taken from the URL', async () => {
    const { get } = setUp()
    expect((await get(`/health-check?token=${token}`)).body.results[0]).not.toHaveProperty('details')
  })
})

describe('GET /health-check/live', () => {
  it.each(['/health-check/live', '/health-check/live/'])(
    'answers %s without asking anything',
    async (path) => {
      const { get, asked } = setUp()
      const { status, body } = await get(path, 'Bearer wrong')
      expect(status).toBe(200)
      expect(Object.keys(body)).toEqual(['status', 'timestamp', 'hostname', 'release'])
      expect(asked).toHaveLength(0)
    },
  )
})

describe('a slash at the end', () => {
  it.each([...Object.keys(lastAnswers), 'status', 'live'])('changes nothing of %s', async (name) => {
    const statusOf = async (path: string) =>
      (await setUp({ history: undefined }).send(`/health-check/${name}${path}`)).status
    expect(await statusOf('/')).toBe(await statusOf(''))
    expect(await statusOf('//')).toBe(404)
    expect(await statusOf('/x')).toBe(404)
  })
})

describe('what is refused', () => {
  it.each([
    '/',
    '/health',
    '/health-check//',
    '/health-check/x',
    '/health-check/live/x',
    '/HEALTH-CHECK',
    '/health-check%2flive',
  ])('%s is 404', async (path) => {
    const { status, body } = await setUp().get(path)
    expect([status, body.code]).toEqual([404, 'not_found'])
  })

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    '%s is 405 with Allow, on every path',
    async (method) => {
      const { send } = setUp()
      for (const path of ['/health-check', '/nowhere']) {
        const response = await send(path, { method, headers: { authorization: 'Bearer wrong' } })
        expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
        expect(await response.json()).toMatchObject({ code: 'method_not_allowed' })
      }
    },
  )

  it('follows the precedence: method, path, token, check', async () => {
    const { get, send } = setUp()
    expect((await send('/nowhere?check=nosuch', { method: 'POST' })).status).toBe(405)
    expect((await get('/nowhere?check=nosuch', 'Bearer wrong')).status).toBe(404)
    expect((await get('/health-check?check=nosuch', 'Bearer wrong')).status).toBe(401)
    expect((await get('/health-check?check=nosuch&fresh')).status).toBe(401)
    expect((await get('/health-check?check=nosuch&fresh', `Bearer ${token}`)).status).toBe(404)
  })

  it.each([
    ['an Error', new Error('secret')],
    ['a text', 'secret'],
    ['nothing', undefined],
  ])(
    'turns a bug of our own that throws %s into JSON that says nothing, and reports it',
    async (_, thrown) => {
      const throwing = (): never => {
        throw thrown
      }
      for (const results of [() => Promise.reject(thrown), throwing]) {
        const { get, bugs } = setUp({ results })
        const { status, body } = await get('/health-check')
        expect([status, body.code]).toEqual([500, 'internal_error'])
        expect(JSON.stringify(body)).not.toContain('secret')
        expect(bugs).toEqual([thrown])
      }
    },
  )
})

const safeHeaders = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}

describe('every answer', () => {
  it.each([
    '/health-check',
    '/health-check/live',
    '/nowhere',
    '/health-check?check=nosuch',
    '/health-check?fresh',
  ])('to %s is JSON that nobody may cache', async (path) => {
    const { headers } = await setUp().get(path)
    expect(Object.fromEntries(headers)).toMatchObject(safeHeaders)
  })

  it('is one of the contract, whatever the path, query and headers say', async () => {
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS')
    const path = fc.oneof(
      fc.constantFrom('/health-check', '/health-check/', '/health-check/live'),
      fc.webPath(),
    )
    const query = fc.oneof(
      fc.webQueryParameters(),
      fc.string(),
      fc.constantFrom('check=database', 'check=%00', 'fresh', 'check[]=x'),
    )
    const authorization = fc.oneof(
      fc.string(),
      fc.string().map((text) => `Bearer ${text}`),
      fc.constant(`Bearer ${token}`),
    )
    await fc.assert(
      fc.asyncProperty(method, path, query, authorization, async (method, path, query, authorization) => {
        const headers = new Headers()
        try {
          headers.set('authorization', authorization)
        } catch {
          // No client can send a header that fetch refuses.
        }
        const { send, bugs } = setUp()
        const response = await send(`${path}?${query.replaceAll('#', '')}`, { method, headers })
        expect([200, 401, 404, 405]).toContain(response.status)
        expect(Object.fromEntries(response.headers)).toMatchObject(safeHeaders)
        const text = await response.text()
        if (method !== 'HEAD') expect(() => JSON.parse(text)).not.toThrow()
        expect(text).not.toContain(token)
        expect(bugs).toEqual([])
      }),
      { numRuns: 500 },
    )
  })
})
