import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { afterEach, describe, expect, it } from 'vitest'
import { createPostgres, PostgresError, postgresOverHttp } from '../../src/clients/postgres.ts'
import type { Check } from '../../src/core/check.ts'
import { systemClock } from '../../src/core/clock.ts'
import { createHealth } from '../../src/health.ts'
import { until } from '../servers/process.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { answering, serve } from '../support/http.ts'

const url = 'postgres://app:hunter2@127.0.0.1:5432/shop'
const signal = AbortSignal.timeout(60_000)
const statement = { text: 'select 1 as answer' }

describe('an answer that cannot be read', () => {
  it.each([
    ['HTML', '<html>', 'SyntaxError'],
    ['JSON of another kind', '{"rows": 1}', 'TypeError'],
  ])('%s keeps what the driver threw, for the notifiers', async (_, body, thrown) => {
    const postgres = createPostgres({ url, endpoint: await answering(200, body) }, signal)
    const fault = await postgres.query(statement).catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(PostgresError)
    expect(fault).toMatchObject({ code: 'wrong_answer', cause: { name: thrown } })
  })

  it('keeps what the driver itself says of it', async () => {
    const postgres = createPostgres({ url, endpoint: await answering(200, '{"results": 1}') }, signal)
    const fault = await postgres.readOnlyBatch([statement]).catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'wrong_answer', cause: expect.any(Error) })
  })
})

it('leaves a compute that is waking up alone before it asks once more', async () => {
  let requests = 0
  const endpoint = await serve((_, response) => {
    requests += 1
    response.writeHead(400).end(JSON.stringify({ message: 'starting up', code: '57P03' }))
  })
  const clock = fakeClock()
  const asking = createPostgres({ url, endpoint }, signal, clock)
    .query(statement)
    .catch((error: unknown) => error)
  await until('the pause', () => clock.timers === 1)
  await clock.advance(249)
  expect(requests).toBe(1)
  await clock.advance(1)
  expect(await asking).toMatchObject({ code: 'unreachable' })
  expect(requests).toBe(2)
})

/** What a query comes to, where each request is answered by the next of these, and how many there were. */
async function query(
  answers: readonly (readonly [status: number, body: string])[],
  headers: Record<string, string> = {},
) {
  let requests = 0
  const endpoint = await serve((_, response) => {
    const [status, body] = answers[Math.min(requests, answers.length - 1)] ?? [500, '']
    requests += 1
    response.writeHead(status, headers).end(body)
  })
  const clock = { ...systemClock, sleep: async () => {} }
  const asked = createPostgres({ url, endpoint }, signal, clock).query(statement)
  return { outcome: await asked.catch((error: unknown) => error), requests }
}
const rows = (value: unknown) => [200, JSON.stringify({ fields: [], rows: value })] as const

describe('a fault that passes by itself', () => {
  it.each([
    [400, '{"message":"connection closed","code":""}'],
    [400, '{"message":"error communicating with the server: Broken pipe (os error 32)","code":""}'],
    [400, '{"message":"terminating connection due to administrator command","code":"57P01"}'],
    [400, '{"message":"Query cancelled, connection was terminated","code":"08P01"}'],
    [
      500,
      '{"message":"Control plane request failed: endpoint is temporarily unavailable. Check your quotas and/or contact our support.","code":""}',
    ],
    [530, 'error code: 1016'],
    [521, '<html>'],
  ] as const)('HTTP %i %j costs a second request', async (status, body) => {
    expect(await query([[status, body], rows([])])).toEqual({ outcome: [], requests: 2 })
    const { outcome, requests } = await query([[status, body]])
    expect(outcome).toMatchObject({ code: 'unreachable' })
    expect(requests).toBe(2)
  })

  it.each([
    '{"message":"no more connections allowed (max_client_conn)","code":"08P01"}',
    '{"message":"password authentication failed for user \'app\'","code":""}',
  ])('is not %j', async (body) => {
    expect((await query([[400, body]])).requests).toBe(1)
  })
})

it('is sent again once in a client, however many of its queries meet a passing fault', async () => {
  let requests = 0
  const endpoint = await serve((_, response) => {
    requests += 1
    const [status, body] = requests % 2 === 1 ? [400, '{"message":"connection closed","code":""}'] : rows([])
    response.writeHead(status).end(body)
  })
  const clock = { ...systemClock, sleep: async () => {} }
  const postgres = createPostgres({ url, endpoint }, signal, clock)
  expect(await postgres.query(statement)).toEqual([])
  await expect(postgres.query(statement)).rejects.toMatchObject({ code: 'unreachable' })
  expect(requests).toBe(3)
  // The client of the next run may do so again.
  requests = 0
  expect(await createPostgres({ url, endpoint }, signal, clock).query(statement)).toEqual([])
  expect(requests).toBe(2)
})

describe('the id that Neon gives to a request', () => {
  const id = '6a3c1f0e-3c1f-4b62-9c5e-1f0e3c1fb629'

  it('is in the details of a fault', async () => {
    const headers = { 'neon-request-id': id }
    for (const answer of [
      [400, '{"message":"x","code":"42P01"}'],
      [400, '<html>'],
      [200, '<html>'],
    ] as const) {
      const { outcome } = await query([answer], headers)
      expect(outcome).toMatchObject({ details: { neon_request_id: id } })
    }
  })

  it('is left out where it is something else', async () => {
    const { outcome } = await query([[400, '{"message":"x","code":"42P01"}']], {
      'neon-request-id': 'postgres://app:hunter2@host/db',
    })
    expect(outcome).toMatchObject({ details: { sqlstate: '42P01' } })
    expect(JSON.stringify((outcome as PostgresError).details)).not.toContain('hunter2')
  })
})

describe('the driver in the same process', () => {
  const { fetchEndpoint, fetchFunction } = neonConfig
  afterEach(() => {
    neonConfig.fetchEndpoint = fetchEndpoint
    neonConfig.fetchFunction = fetchFunction
  })
  const refusal = '{"message":"relation \\"orders\\" does not exist","code":"42P01"}'

  /** A check of an application that uses the driver as the driver's documents show. */
  const ordersCheck = (errors: unknown[]): Check => ({
    name: 'orders',
    async run() {
      await neon(url)`select count(*) from orders`.catch((error: unknown) => errors.push(error))
      return { status: 'pass', code: 'ok', output: 'orders ok' }
    },
  })

  it('keeps its own error codes in a custom check, while ours ask through their endpoint', async () => {
    neonConfig.fetchEndpoint = await answering(400, refusal)
    const ours = await answering(400, '{"message":"starting","code":"57014"}')
    const errors: unknown[] = []
    const health = createHealth({
      environment: { DATABASE_URL: url, DATABASE_HTTP_ENDPOINT: ours, HEALTH_CHECKS: 'database,orders' },
      checks: [ordersCheck(errors)],
      write: () => {},
    })
    const { results } = await health.check({ hostname: 'here' })
    expect(results).toMatchObject([{ code: 'timeout', details: { sqlstate: '57014' } }, { code: 'ok' }])
    expect(errors).toEqual([expect.any(NeonDbError)])
    expect(errors).toMatchObject([{ code: '42P01', message: 'relation "orders" does not exist' }])
  })

  it('may have a fetch of its own, set after ours was loaded: neither uses that of the other', async () => {
    const seen: string[] = []
    neonConfig.fetchFunction = async (to: string) => {
      seen.push(to)
      return new Response(refusal, { status: 400 })
    }
    const endpoint = await answering(200, '{"fields":[{"name":"answer","dataTypeID":23}],"rows":[["1"]]}')
    const theirs = neon(url)
    const postgres = createPostgres({ url, endpoint }, signal)
    const [first, second, third, batch] = await Promise.allSettled([
      postgres.query(statement),
      theirs`select 1`,
      postgres.query(statement),
      postgres.readOnlyBatch([statement]),
    ])
    expect([first, third]).toMatchObject([{ value: [{ answer: 1 }] }, { value: [{ answer: 1 }] }])
    // The endpoint answers as to a single query.
    expect(batch).toMatchObject({ reason: { code: 'wrong_answer' } })
    expect(second).toMatchObject({ reason: { code: '42P01' } })
    expect(seen).toHaveLength(1)
  })
})

it('runs over one connection have each its own end', async () => {
  const rows = '{"fields":[{"name":"answer","dataTypeID":23}],"rows":[["1"]]}'
  let asked = 0
  const endpoint = await serve((_, response) => {
    asked += 1
    if (asked > 1) response.end(rows)
  })
  const open = postgresOverHttp({ url, endpoint })
  const stop = new AbortController()
  const stopped = open(stop.signal).query(statement)
  await until('the first request', () => asked === 1)
  const second = open(AbortSignal.timeout(10_000)).query(statement)
  stop.abort()
  await expect(stopped).rejects.toMatchObject({ code: 'timeout' })
  expect(await second).toEqual([{ answer: 1 }])
})
