import { afterAll, beforeAll, expect, it } from 'vitest'
import { createPostgres, PostgresError } from '../../src/clients/postgres.ts'
import type { HttpService } from '../../src/dev/http-service.ts'
import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import { startSqlOverHttp } from '../../src/dev/sql-over-http.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { until } from '../servers/process.ts'

let postgres: PostgresServer
let service: HttpService
beforeAll(async () => {
  postgres = await startPostgres()
  service = await startSqlOverHttp({ backend: postgresBackend(postgres.url()) })
})
afterAll(async () => {
  await service?.close()
  await postgres?.close()
})

const client = () =>
  createPostgres({ url: postgres.url(), endpoint: service.url }, AbortSignal.timeout(10_000))

async function processId(): Promise<unknown> {
  const [row] = await client().query({ text: 'select pg_backend_pid() as pid' })
  return row?.['pid']
}

/** The process of a connection that the proxy keeps: it is reset after the answer, and not used before. */
async function keptProcessId(): Promise<unknown> {
  let pid = await processId()
  await until('the same connection', async () => {
    const last = pid
    pid = await processId()
    return pid === last
  })
  return pid
}

it('a connection that the server ended while the proxy kept it costs no answer', async () => {
  const kept = await keptProcessId()
  await postgres.query(`select pg_terminate_backend(${String(kept)}, 5000)`)
  expect(await processId()).not.toBe(kept)
  const again = await keptProcessId()
  await postgres.query(`select pg_terminate_backend(${String(again)}, 5000)`)
  expect(await client().readOnlyBatch([{ text: 'select 1 as one' }])).toEqual([[{ one: 1 }]])
})

it('a fault of a query has the id of its request', async () => {
  const fault = await client()
    .query({ text: 'select * from nowhere' })
    .catch((error: unknown) => error)
  expect(fault).toBeInstanceOf(PostgresError)
  expect(fault).toMatchObject({
    details: { sqlstate: '42P01', neon_request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
  })
})
