import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../servers/process.ts'
import { cfHeader, startWorkerd, type WorkerdServer } from '../servers/workerd.ts'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'
import { unhurried } from '../support/unhurried.ts'

interface Body {
  status: string
  results: {
    checker: string
    status: string
    code: string
    timestamp: number
    expires: number
    details?: unknown
  }[]
}

let stack: TestStack
const running: WorkerdServer[] = []
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack?.close())
beforeEach(() => {
  stack.sqlProxy.clear()
  stack.redisProxy.clear()
})
afterEach(async () => {
  stack.sqlProxy.latencyMs = 0
  stack.redisProxy.latencyMs = 0
  await stack.sqlProxy.set(undefined)
  await stack.redisProxy.set(undefined)
  await Promise.all(running.splice(0).map((worker) => worker.close()))
})

async function start(
  more: Record<string, string> = {},
  entry = 'src/release/worker.ts',
): Promise<WorkerdServer> {
  const bindings = { ...stack.environment, ...unhurried, HEALTH_CHECKS: 'database,redis', ...more }
  const worker = await startWorkerd({ entry, bindings })
  running.push(worker)
  return worker
}

async function get(worker: WorkerdServer, path = '/health-check', init: RequestInit = {}) {
  const start = performance.now()
  const response = await fetch(worker.url + path, init)
  const body = (await response.json()) as Body
  return { status: response.status, body, ms: performance.now() - start }
}

/** The Worker, which also says how many requests have come to it. */
const counting = 'test/worker/counting-worker.ts'
const arrived = async (worker: WorkerdServer) => Number(await (await fetch(`${worker.url}/arrived`)).text())

const withToken = { headers: { authorization: `Bearer ${healthToken}` } }
const codes = ({ body }: { body: Body }) =>
  Object.fromEntries(body.results.map(({ checker, code }) => [checker, code]))
const storm = (
  worker: WorkerdServer,
  count: number,
  path: (index: number) => string = () => '/health-check',
  init = {},
) => Promise.all(Array.from({ length: count }, (_, index) => get(worker, path(index), init)))
const asked = () => [stack.sqlProxy.requests.length, stack.redisProxy.requests.length]

describe('the Worker in workerd', () => {
  it('answers with passing checks on real servers', async () => {
    const { status, body } = await get(await start())
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'success',
      hostname: 'health-check',
      results: [
        { checker: 'database', output: 'database ok', passed: true },
        { checker: 'redis', output: 'redis ok', passed: true },
      ],
    })
  })

  it('names the data centre of each request, from the cache too, though one isolate answers for many', async () => {
    const worker = await start()
    const from = (headers: Record<string, string>) => get(worker, '/health-check', { headers })
    const answers = [
      await from({ [cfHeader]: JSON.stringify({ colo: 'FRA' }) }),
      await from({ [cfHeader]: JSON.stringify({ colo: 'SJC' }) }),
      await from({ 'cf-ray': '230b030023ae2822-AMS' }),
      await from({}),
    ]
    expect(answers.map(({ body }) => body)).toMatchObject([
      { hostname: 'health-check/fra' },
      { hostname: 'health-check/sjc' },
      { hostname: 'health-check/ams' },
      { hostname: 'health-check' },
    ])
    expect(asked()).toEqual([1, 1])
  })

  it('says which release answers: the version tag, or the id of an untagged version', async () => {
    const tagged = await start({ CF_VERSION_METADATA: { id: 'version-id', tag: '4f2a91c' } as never })
    const untagged = await start({ CF_VERSION_METADATA: { id: 'version-id', tag: '' } as never })
    const named = await start({
      CF_VERSION_METADATA: { id: 'version-id', tag: '' } as never,
      SENTRY_RELEASE: 'abc1234',
      HEALTH_HOSTNAME: 'shop',
    })
    expect((await get(tagged)).body).toMatchObject({ release: '4f2a91c' })
    expect((await get(untagged)).body).toMatchObject({ release: 'version-id' })
    expect((await get(named)).body).toMatchObject({ release: 'abc1234', hostname: 'shop' })
  })

  it.each<[string, () => void | Promise<void>, () => void | Promise<void>, Record<string, string>]>([
    [
      'Redis stopped',
      () => stack.redis.stop(),
      () => stack.redis.start(),
      { database: 'ok', redis: 'unreachable' },
    ],
    [
      'Redis frozen',
      () => stack.redis.freeze(),
      () => stack.redis.thaw(),
      { database: 'ok', redis: 'timeout' },
    ],
    [
      'Postgres stopped',
      () => stack.postgres.stop(),
      () => stack.postgres.start(),
      { database: 'unreachable', redis: 'ok' },
    ],
    [
      'Postgres frozen',
      () => stack.postgres.freeze(),
      () => stack.postgres.thaw(),
      { database: 'timeout', redis: 'ok' },
    ],
  ])(
    'answers %s within the deadline, on the right check, and recovers',
    async (_, breakIt, mendIt, expected) => {
      const times = { HEALTH_TIMEOUT_MS: '2500', HEALTH_DEADLINE_MS: '3500', CELERY_TIMEOUT_MS: '1000' }
      const worker = await start({ ...times, HEALTH_TTL_PASS: '0', HEALTH_TTL_FAIL: '0' })
      await breakIt()
      try {
        const answer = await get(worker)
        expect(codes(answer)).toEqual(expected)
        expect(answer.status).toBe(503)
        expect(answer.ms).toBeLessThan(3500 + 250)
      } finally {
        await mendIt()
      }
      expect(await get(worker)).toMatchObject({ status: 200 })
    },
  )

  it('writes one scrubbed line for a run that is not all pass, and none for one that is', async () => {
    const worker = await start({ HEALTH_TTL_FAIL: '0', HEALTH_TTL_PASS: '0' })
    await get(worker)
    expect(worker.output()).not.toContain('health check')
    await stack.sqlProxy.set({
      kind: 'answer',
      status: 400,
      body: JSON.stringify({ message: `cannot reach ${stack.postgres.url()}`, code: 'XX000' }),
    })
    await get(worker)
    const linesOf = () =>
      worker
        .output()
        .split('\n')
        .filter((line) => line.includes('"health check"'))
    await until('the line', () => linesOf().length > 0)
    const lines = linesOf()
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'error',
      trigger: 'request',
      results: [
        { checker: 'database', code: 'error', reason: 'cannot reach [redacted]' },
        { checker: 'redis', code: 'ok' },
      ],
    })
  })

  it('starts with a wrong environment, says what is wrong without its value, and runs the rest', async () => {
    const worker = await start({
      HEALTH_CHECKS: 'database,redis,nosuch',
      HEALTH_TTL_PASS: 'planted-value',
      DATABASE_URL: 'postgres://u:planted-value@db.example.com/x',
      DATABASE_HTTP_ENDPOINT: '',
    })
    const answer = await get(worker, '/health-check', withToken)
    expect(answer.status).toBe(503)
    expect(codes(answer)).toMatchObject({
      configuration: 'not_configured',
      database: 'not_configured',
      redis: 'ok',
    })
    expect(JSON.stringify(answer.body)).toContain('HEALTH_TTL_PASS')
    for (const text of [JSON.stringify(answer.body), worker.output()])
      expect(text).not.toContain('planted-value')
    expect(stack.sqlProxy.requests).toHaveLength(0)
  })
})

describe('cache and lease in workerd', () => {
  /** A run that lasts until all fifty requests have come. */
  async function stormOfFifty(worker: WorkerdServer, ...more: [path?: () => string, init?: object]) {
    const before = await arrived(worker)
    await stack.sqlProxy.set({ kind: 'hold' })
    const answers = storm(worker, 50, ...more)
    await until('all fifty have come', async () => (await arrived(worker)) === before + 50)
    await stack.sqlProxy.set(undefined)
    return answers
  }

  it('make one run of fifty simultaneous requests on an empty and on an expired cache', async () => {
    const worker = await start({ HEALTH_TTL_PASS: '0.5' }, counting)
    const [first] = await stormOfFifty(worker)
    expect(asked()).toEqual([1, 1])
    const expires = Math.max(...(first?.body.results ?? []).map((result) => result.expires))
    await until('the expiry', () => Date.now() / 1000 > expires)
    const answers = await stormOfFifty(worker)
    expect(asked()).toEqual([2, 2])
    expect(new Set(answers.map(({ body }) => body.results[0]?.timestamp)).size).toBe(1)
  })

  it('make one run of fifty simultaneous requests at TTL 0, and of fifty fresh ones', async () => {
    const worker = await start({ HEALTH_TTL_PASS: '0' }, counting)
    await get(worker)
    stack.sqlProxy.clear()
    await stormOfFifty(worker)
    expect(stack.sqlProxy.requests).toHaveLength(1)
    await stormOfFifty(worker, () => '/health-check?fresh', withToken)
    expect(stack.sqlProxy.requests).toHaveLength(2)
  })

  it('ask each check once in a storm of subsets', async () => {
    const worker = await start()
    stack.sqlProxy.latencyMs = 100
    const queries = ['', '?check=database', '?check=redis', '?check=redis,database']
    const answers = await storm(worker, 60, (index) => `/health-check${queries[index % queries.length]}`)
    expect(answers.every(({ status, body }) => status === 200 && body.results.length > 0)).toBe(true)
    expect(asked()).toEqual([1, 1])
  })

  it('go on when the client of the owner hangs up', async () => {
    const worker = await start({}, counting)
    await stack.sqlProxy.set({ kind: 'hold' })
    const owner = new AbortController()
    const gone = get(worker, '/health-check', { signal: owner.signal }).catch(() => 'gone')
    await until('its run', () => stack.sqlProxy.requests.length === 1)
    const follower = get(worker)
    await until('the other one has come', async () => (await arrived(worker)) === 2)
    owner.abort()
    expect(await gone).toBe('gone')
    await stack.sqlProxy.set(undefined)
    expect(codes(await follower)).toEqual({ database: 'ok', redis: 'ok' })
    expect(stack.sqlProxy.requests).toHaveLength(1)
  })

  it('survive an owner whose request dies with its run: one follower takes over', async () => {
    const worker = await start({}, 'test/worker/mortal-worker.ts')
    await stack.sqlProxy.set({ kind: 'hold' })
    const dying = get(worker, '/health-check', { headers: { 'x-die': '1' } })
    await until('its run', () => stack.sqlProxy.requests.length === 1)
    await fetch(`${worker.url}/die`)
    await dying
    await stack.sqlProxy.set(undefined)
    const followers = storm(worker, 10)
    for (const answer of await followers) {
      expect(codes(answer)).toEqual({ database: 'ok', redis: 'ok' })
      // Long before the deadline, until which a request would wait for an owner that lives.
      expect(answer.ms).toBeLessThan(15_000)
    }
    expect(stack.sqlProxy.requests).toHaveLength(2)
    expect((await get(worker)).status).toBe(200)
  })

  it('keep a result until it expires, and a failed one for its own shorter time', async () => {
    const worker = await start({ HEALTH_TTL_FAIL: '3' })
    const first = await get(worker)
    expect((await get(worker)).body.results[0]?.timestamp).toBe(first.body.results[0]?.timestamp)
    expect(asked()).toEqual([1, 1])
    await stack.sqlProxy.set({ kind: 'html' })
    const fresh = await get(worker, '/health-check?fresh', withToken)
    expect(codes(fresh)).toEqual({ database: 'wrong_answer', redis: 'ok' })
    await stack.sqlProxy.set(undefined)
    expect(codes(await get(worker))).toEqual({ database: 'wrong_answer', redis: 'ok' })
    let mended = fresh
    await until('the expiry', async () => {
      mended = await get(worker)
      return mended.status === 200
    })
    expect(codes(mended)).toEqual({ database: 'ok', redis: 'ok' })
    const [failed, passed] = [fresh, mended].map(({ body }) => body.results[0])
    expect(passed?.timestamp).toBeGreaterThanOrEqual(failed?.expires ?? Number.POSITIVE_INFINITY)
  })
})
