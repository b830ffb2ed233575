import { describe, expect, it } from 'vitest'
import { databaseCheck } from '../../src/checks/database.ts'
import { migrationsCheck } from '../../src/checks/migrations/check.ts'
import { createPostgres, postgresOverHttp } from '../../src/clients/postgres.ts'
import { until } from '../servers/process.ts'
import { ask } from '../support/ask.ts'
import { makeDeployable } from '../support/platforms.ts'
import { connectionsOf } from './connections.ts'

const { postgres, neon } = connectionsOf(process.env)
const client = () => createPostgres(postgres, AbortSignal.timeout(10_000))

describe('a real SQL-over-HTTP service', () => {
  it('answers the database check', async () => {
    expect(await ask(databaseCheck({ postgres: postgresOverHttp(postgres) }), 20_000)).toMatchObject({
      code: 'ok',
    })
  })

  it('refuses a wrong password in a shape that is understood', async () => {
    const url = new URL(postgres.url)
    url.password = 'a-wrong-password'
    const result = await ask(
      databaseCheck({ postgres: postgresOverHttp({ ...postgres, url: url.href }) }),
      20_000,
    )
    expect(result).toMatchObject({ status: 'fail', code: 'unauthorized' })
  })

  it('passes on the SQLSTATE of a statement that Postgres refuses', async () => {
    const asked = client().query({ text: 'select * from edge_health_no_such_table' })
    await expect(asked).rejects.toMatchObject({ sqlstate: '42P01' })
  })

  it('runs a read-only batch that nothing can write in', async () => {
    const asked = client().readOnlyBatch([{ text: 'create table edge_health_never (id int)' }])
    await expect(asked).rejects.toMatchObject({ sqlstate: '25006' })
  })

  it('answers the catalog query: an empty database is drift', async () => {
    const deployable = await makeDeployable()
    const { default: expected } = await import(deployable.expected, { with: { type: 'json' } })
    const result = await ask(migrationsCheck({ postgres: postgresOverHttp(postgres), expected }), 20_000)
    deployable.close()
    expect(result).toMatchObject({ status: 'fail', code: 'drift' })
  })
})

describe.runIf(neon)('a suspended compute', () => {
  /** https://api-docs.neon.tech/reference/suspendprojectendpoint */
  const callNeon = async (method: 'GET' | 'POST', path: string) => {
    const compute = new URL(postgres.url).hostname.split('.')[0]?.replace(/-pooler$/, '')
    const response = await fetch(`${neon?.api}/projects/${neon?.project}/endpoints/${compute}${path}`, {
      method,
      headers: { authorization: `Bearer ${neon?.key}` },
    })
    if (!response.ok) throw new Error(`Neon's API answered ${response.status}`)
    return (await response.json()) as { endpoint: { current_state: string } }
  }

  it('wakes up within one check, which passes', async () => {
    await callNeon('POST', '/suspend')
    const isIdle = async () => (await callNeon('GET', '')).endpoint.current_state === 'idle'
    await until('the compute sleeps', isIdle, 60_000)
    const result = await ask(databaseCheck({ postgres: postgresOverHttp(postgres) }))
    console.log(`a suspended compute answered after ${Math.round(result.responseTime)} ms`)
    expect(result.status).not.toBe('fail')
  })
})
