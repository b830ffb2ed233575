import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'

/** A running function, whatever runs it. */
interface Deployment {
  /** Sends one request; the path has its query string. */
  send(path: string, init?: { method?: string; headers?: Record<string, string> }): Promise<Response>
  close(): Promise<void>
}

const bearer = { authorization: `Bearer ${healthToken}` }

/** What every platform has to answer alike, from the outside and on real servers. */
export function describeAnswers(
  platform: string,
  start: (environment: Record<string, string>) => Promise<Deployment>,
): void {
  let stack: TestStack
  let deployment: Deployment
  beforeAll(async () => {
    stack = await startStack()
    deployment = await start({
      ...stack.environment,
      HEALTH_CHECKS: 'redis,database',
      HEALTH_HOSTNAME: 'shop',
      SENTRY_RELEASE: '4f2a91c',
      HEALTH_TTL_PASS: '600',
      // Codes are looked at here, not times.
      HEALTH_SLOW_MS: '20000',
      HEALTH_TIMEOUT_MS: '10000',
      HEALTH_DEADLINE_MS: '12000',
    })
  })
  afterAll(async () => {
    await deployment?.close()
    await stack?.close()
  })
  beforeEach(() => {
    stack.sqlProxy.clear()
    stack.redisProxy.clear()
  })

  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await deployment.send(path, { headers })
    return { response, status: response.status, body: JSON.parse(await response.text()) }
  }
  const checkers = ({ body }: { body: { results: { checker: string }[] } }) =>
    body.results.map(({ checker }) => checker)
  const asked = () => stack.sqlProxy.requests.length + stack.redisProxy.requests.length

  describe(`the answers of ${platform}`, () => {
    it.each(['/health-check', '/health-check/', '/health-check?cachebuster=7', '/health-check?check='])(
      'say at %s what the contract says, in its order',
      async (path) => {
        const { status, body } = await get(path)
        expect(status).toBe(200)
        expect(Object.entries(body)).toEqual([
          ['status', 'success'],
          ['timestamp', expect.closeTo(Date.now() / 1000, -2)],
          ['hostname', 'shop'],
          ['release', '4f2a91c'],
          ['results', expect.any(Array)],
        ])
        expect(checkers({ body })).toEqual(['redis', 'database'])
        expect(Object.entries(body.results[1])).toEqual([
          ['checker', 'database'],
          ['output', 'database ok'],
          ['passed', true],
          ['status', 'pass'],
          ['code', 'ok'],
          ['timestamp', expect.any(Number)],
          ['expires', expect.closeTo(body.results[1].timestamp + 600, 3)],
          ['response_time', expect.any(Number)],
        ])
      },
    )

    it('are compact JSON, as the recipes for monitors say', async () => {
      expect(await (await deployment.send('/health-check')).text()).toMatch(
        /^\{"status":"success","timestamp":\d/,
      )
    })

    it.each([
      ['GET', '/health-check', 200],
      ['HEAD', '/health-check', 200],
      ['GET', '/health-check/live', 200],
      ['GET', '/health-check?check=nosuch', 404],
      ['GET', '/health-check?fresh', 401],
      ['HEAD', '/elsewhere', 404],
      ['POST', '/health-check', 405],
    ])('to %s %s are JSON that nobody may cache or guess at', async (method, path, status) => {
      const { headers, status: found } = await deployment.send(path, { method })
      expect(found).toBe(status)
      expect(headers.get('content-type')).toBe('application/json')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
    })

    it('to HEAD are those to GET without the body', async () => {
      for (const path of ['/health-check', '/health-check/', '/health-check/live', '/elsewhere']) {
        const [withBody, without] = await Promise.all([
          deployment.send(path),
          deployment.send(path, { method: 'HEAD' }),
        ])
        expect(without.status).toBe(withBody.status)
        expect(await without.text()).toBe('')
      }
    })

    it('are repeated until they expire, and shared by ?check=', async () => {
      const first = await get('/health-check')
      stack.sqlProxy.clear()
      stack.redisProxy.clear()
      const { body } = await get('/health-check?check=database')
      expect(body.results).toEqual([first.body.results[1]])
      expect(asked()).toBe(0)
    })

    it.each([
      ['?check=database', ['database']],
      ['?check=database,redis', ['redis', 'database']],
      ['?check=database&check=redis&check=database', ['redis', 'database']],
      ['?check=%20database%20,', ['database']],
    ])('hold with %s only these checks, in the order of the configuration', async (query, expected) => {
      expect(checkers(await get(`/health-check${query}`))).toEqual(expected)
    })

    it.each(['nosuch', 'database,nosuch', 'Database', '__proto__'])(
      'refuse the check %s, never with an empty list',
      async (name) => {
        const { status, body } = await get(`/health-check?check=${name}`)
        expect(status).toBe(404)
        expect(body).toEqual({
          error: expect.any(String),
          code: 'unknown_check',
          checks: ['redis', 'database'],
        })
      },
    )

    it.each(['/', '/health', '/health-check/nosuch', '/health-check//', '/HEALTH-CHECK'])(
      'refuse the path %s',
      async (path) => {
        expect(await get(path)).toMatchObject({ status: 404, body: { code: 'not_found' } })
      },
    )

    it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
      'refuse %s and say what is allowed',
      async (method) => {
        const response = await deployment.send('/health-check', { method })
        expect(response.status).toBe(405)
        expect(response.headers.get('allow')).toBe('GET, HEAD')
        expect(await response.json()).toMatchObject({ code: 'method_not_allowed' })
      },
    )

    it('are alive at /live without asking anybody', async () => {
      for (const path of ['/health-check/live', '/health-check/live/']) {
        const { status, body } = await get(path)
        expect(status).toBe(200)
        expect(Object.keys(body)).toEqual(['status', 'timestamp', 'hostname', 'release'])
      }
      expect(asked()).toBe(0)
    })

    it('show details to a caller who has the token, and to nobody else', async () => {
      const trusted = await get('/health-check?check=database', bearer)
      expect(trusted.body.results[0].details).toEqual({ server_version: expect.any(String) })
      expect(Object.keys(trusted.body.results[0]).at(-1)).toBe('details')
      expect((await get('/health-check?check=database')).body.results[0]).not.toHaveProperty('details')
    })

    it.each([
      { authorization: 'Basic dXNlcjpwYXNz' },
      { authorization: 'Bearer ' },
      { authorization: 'bearer' },
    ])('take %j for no credential', async (headers) => {
      const { status, body } = await get('/health-check', headers)
      expect(status).toBe(200)
      expect(body.results[0]).not.toHaveProperty('details')
      expect((await get('/health-check?fresh', headers)).status).toBe(401)
    })

    it.each(['Bearer wrong', `Bearer ${healthToken}x`, `Bearer ${healthToken.slice(0, -1)}`, 'bearer x y'])(
      'refuse %s',
      async (authorization) => {
        const { response, status, body } = await get('/health-check', { authorization })
        expect(status).toBe(401)
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        expect(body).toMatchObject({ code: 'unauthorized' })
      },
    )

    it('ask anew with ?fresh and the token, and repeat that to others', async () => {
      const old = await get('/health-check')
      const fresh = await get('/health-check?fresh', bearer)
      expect(asked()).toBeGreaterThanOrEqual(2)
      expect(fresh.body.results[0].timestamp).toBeGreaterThan(old.body.results[0].timestamp)
      const after = await get('/health-check')
      expect(after.body.results[0].timestamp).toBe(fresh.body.results[0].timestamp)
    })

    it.each<[string, string, string, Record<string, string>, number]>([
      ['the method before the path', 'POST', '/elsewhere', {}, 405],
      ['the method before the token', 'POST', '/health-check', { authorization: 'Bearer wrong' }, 405],
      ['the path before the token', 'GET', '/elsewhere', { authorization: 'Bearer wrong' }, 404],
      [
        'the token before the check',
        'GET',
        '/health-check?check=nosuch',
        { authorization: 'Bearer wrong' },
        401,
      ],
      ['fresh before the check', 'GET', '/health-check?fresh&check=nosuch', {}, 401],
    ])('refuse %s', async (_, method, path, headers, status) => {
      expect((await deployment.send(path, { method, headers })).status).toBe(status)
    })

    it('say which check fails, wholly and without a secret', async () => {
      await stack.redisProxy.set({ kind: 'html', status: 401 })
      const { status, body } = await get('/health-check?fresh', bearer)
      await stack.redisProxy.set(undefined)
      expect(status).toBe(503)
      expect(body).toMatchObject({
        status: 'failure',
        results: [
          {
            checker: 'redis',
            output: 'redis could not be asked: the credentials were refused',
            passed: false,
            code: 'unauthorized',
          },
          { checker: 'database', passed: true },
        ],
      })
      const repeated = await (await deployment.send('/health-check')).text()
      for (const text of [repeated, JSON.stringify(body)]) {
        for (const secret of ['planted', stack.postgres.user, '127.0.0.1']) expect(text).not.toContain(secret)
      }
      expect((await get('/health-check?fresh', bearer)).status).toBe(200)
    })
  })
}
