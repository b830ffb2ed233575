import { describe, expect, it } from 'vitest'
import { createPostgres, PostgresError } from '../../src/clients/postgres.ts'
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
