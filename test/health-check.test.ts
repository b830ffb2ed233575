/** The health check inside an application of somebody else. */
import { Hono } from 'hono'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Check, createHealthCheck } from '../src/index.ts'
import { createHealthCheck as createInWorker } from '../src/index.workerd.ts'

const token = 'a-token-of-the-tests'
const shop: Check = { name: 'shop', run: () => ({ status: 'pass', code: 'ok', output: 'the shop is open' }) }
const environment = { HEALTH_CHECKS: 'shop', HEALTH_TOKEN: token, HEALTH_HOSTNAME: 'here' }

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

interface HostEnv {
  Bindings: { SHOP_NAME: string }
  Variables: { customer: string }
}

/** An application with bindings, middleware, an error handler and a 404 of its own, and the health check at /internal. */
function host(health = createHealthCheck({ environment, checks: [shop] })) {
  const passed: string[] = []
  const app = new Hono<HostEnv>()
  app.use('*', async (context, next) => {
    context.set('customer', 'Ada')
    passed.push(context.req.path)
    await next()
    context.res.headers.set('x-shop', context.env?.SHOP_NAME ?? 'none')
  })
  app.route('/internal', health.app)
  app.get('/', (context) => context.text(`${context.env.SHOP_NAME} greets ${context.var.customer}`))
  app.get('/broken', () => {
    throw new Error('planted')
  })
  app.onError((_error, context) => context.text('the error page of the shop', 500))
  app.notFound((context) => context.text('the 404 page of the shop', 404))
  const get = (path: string, init: RequestInit = {}) => app.request(path, init, { SHOP_NAME: 'Corner' })
  return { app, get, passed }
}

describe('a health check that is mounted in an application', () => {
  it.each(['/internal/health-check', '/internal/health-check/', '/internal/health-check?check=shop'])(
    'answers at %s',
    async (path) => {
      const response = await host().get(path)
      expect(response.status).toBe(200)
      expect(await response.json()).toMatchObject({ hostname: 'here', results: [{ checker: 'shop' }] })
    },
  )

  it.each([
    ['GET', '/internal/health-check/live', 200, undefined],
    ['GET', '/internal/health-check/nosuch', 404, 'not_found'],
    ['GET', '/internal/health-check/live/nosuch', 404, 'not_found'],
    ['POST', '/internal/health-check', 405, 'method_not_allowed'],
    ['OPTIONS', '/internal/health-check/live', 405, 'method_not_allowed'],
    ['PROPFIND', '/internal/health-check/nosuch', 405, 'method_not_allowed'],
    ['GET', '/internal/health-check?check=nosuch', 404, 'unknown_check'],
    ['GET', '/internal/health-check?fresh', 401, 'unauthorized'],
  ])('answers %s %s by itself, with %i', async (method, path, status, code) => {
    const response = await host().get(path, { method })
    expect(response.status).toBe(status)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect((await response.json())['code']).toBe(code)
  })

  it('answers HEAD without a body', async () => {
    const response = await host().get('/internal/health-check', { method: 'HEAD' })
    expect([response.status, await response.text()]).toEqual([200, ''])
  })

  it('shows details with the token', async () => {
    const response = await host().get('/internal/health-check', {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(response.status).toBe(200)
    const wrong = await host().get('/internal/health-check', { headers: { authorization: 'Bearer wrong' } })
    expect(wrong.status).toBe(401)
  })

  it('leaves the other routes, the bindings, the error page and the 404 page to the application', async () => {
    const { get } = host()
    const text = async (path: string, init?: RequestInit) => (await get(path, init)).text()
    expect(await text('/')).toBe('Corner greets Ada')
    expect(await text('/broken')).toBe('the error page of the shop')
    for (const path of ['/health-check', '/internal', '/internal/health', '/internal/health-checks']) {
      expect(await text(path), path).toBe('the 404 page of the shop')
    }
    expect(await text('/', { method: 'POST' })).toBe('the 404 page of the shop')
  })

  it('lies behind the middleware of the application', async () => {
    const { get, passed } = host()
    const response = await get('/internal/health-check')
    expect(passed).toEqual(['/internal/health-check'])
    expect(response.headers.get('x-shop')).toBe('Corner')
  })

  it('answers for a bug of its own itself, not by the error page, and without the text', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const request = new Request('http://localhost/internal/health-check')
    Object.defineProperty(request, 'headers', {
      get() {
        throw new Error('planted')
      },
    })
    const { app } = host()
    const response = await app.fetch(request, { SHOP_NAME: 'Corner' })
    expect(response.status).toBe(500)
    expect(await response.json()).toMatchObject({ code: 'internal_error' })
    expect(JSON.stringify(vi.mocked(console.log).mock.calls)).toContain('bug in the health check')
  })

  it('asks once until the result expires, wherever it is mounted', async () => {
    const run = vi.fn(shop.run)
    const health = createHealthCheck({ environment, checks: [{ ...shop, run }] })
    const app = new Hono().route('/a', health.app).route('/b/c', health.app)
    for (const path of ['/a/health-check', '/b/c/health-check', '/a/health-check/']) {
      expect((await app.request(path)).status).toBe(200)
    }
    expect(run).toHaveBeenCalledOnce()
  })
})

describe('what the platform does', () => {
  const failing: Check = { name: 'shop', run: () => ({ status: 'fail', code: 'closed', output: 'closed' }) }

  it('waits for the work that outlives the answer, by the ExecutionContext where there is one', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const { app } = createHealthCheck({ environment, checks: [failing] })
    const waitUntil = vi.fn()
    await app.request('/health-check', {}, {}, { waitUntil, passThroughOnException() {}, props: {} })
    expect(waitUntil).toHaveBeenCalledWith(expect.any(Promise))
  })

  it('waits for it on Vercel by the context of the request, and elsewhere not at all', async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    const key = Symbol.for('@vercel/request-context')
    const ask = () => createHealthCheck({ environment, checks: [failing] }).app.request('/health-check')
    expect((await ask()).status).toBe(503)
    const waitUntil = vi.fn()
    Reflect.set(globalThis, key, { get: () => ({ waitUntil }) })
    try {
      expect((await ask()).status).toBe(503)
    } finally {
      Reflect.deleteProperty(globalThis, key)
    }
    expect(waitUntil).toHaveBeenCalledWith(expect.any(Promise))
  })
})

describe('the variables', () => {
  const hostnameOf = async (response: Response) => (await response.json())['hostname']

  it('are those of the process, whatever a server hands over as bindings', async () => {
    vi.stubEnv('HEALTH_CHECKS', 'shop')
    vi.stubEnv('HEALTH_HOSTNAME', 'process')
    const { app } = createHealthCheck({ checks: [shop] })
    const response = await app.request('/health-check', {}, { incoming: {}, HEALTH_HOSTNAME: 'bindings' })
    expect(await hostnameOf(response)).toBe('process')
  })

  it('are the bindings in a Worker', async () => {
    vi.stubEnv('HEALTH_HOSTNAME', 'process')
    const { app } = createInWorker({ checks: [shop] })
    const bindings = { HEALTH_CHECKS: 'shop', HEALTH_HOSTNAME: 'bindings' }
    expect(await hostnameOf(await app.request('/health-check', {}, bindings))).toBe('bindings')
  })

  it.each([createHealthCheck, createInWorker])(
    'are those of the option where it is given',
    async (create) => {
      const { app } = create({ checks: [shop], environment })
      expect(await hostnameOf(await app.request('/health-check', {}, { HEALTH_HOSTNAME: 'bindings' }))).toBe(
        'here',
      )
    },
  )
})

describe('scheduled and check', () => {
  it('run the checks as a cron trigger does, and say so in the log', async () => {
    const write = vi.spyOn(console, 'log').mockImplementation(() => {})
    await createHealthCheck({ environment, checks: [shop] }).scheduled({ cron: '0 * * * *' })
    expect(JSON.parse(String(write.mock.lastCall?.[0]))).toMatchObject({
      message: 'cron run',
      hostname: 'here',
      status: 'pass',
    })
  })

  it('return what a caller with the token is answered', async () => {
    const details = { till: 3 }
    const check: Check = { ...shop, run: () => ({ status: 'warn', code: 'late', output: 'late', details }) }
    expect(await createHealthCheck({ environment, checks: [check] }).check()).toMatchObject({
      status: 'success',
      hostname: 'here',
      results: [{ checker: 'shop', passed: true, status: 'warn', details }],
    })
  })
})

it('refuses checks that have the same name when the application starts', () => {
  expect(() => createHealthCheck({ checks: [shop, shop] })).toThrow('Two checks are named shop')
})
