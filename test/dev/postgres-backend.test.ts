import { expect, it } from 'vitest'
import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import type { SqlSession } from '../../src/dev/sql-backend.ts'
import { startPostgres } from '../servers/postgres.ts'

it('does not use a connection again whose client went away as its query ended', async () => {
  const postgres = await startPostgres()
  const backend = postgresBackend(postgres.url())
  const { username: user, password, pathname } = new URL(postgres.url())
  const login = { user, password, database: pathname.slice(1) }
  const pidOf = async ({ execute }: SqlSession) =>
    (await execute({ text: 'select pg_backend_pid()', values: [] })).rows[0]?.[0]
  const pids: unknown[] = []
  try {
    for (let request = 0; request < 5; request += 1) {
      const client = new AbortController()
      const session = backend.session(login, client.signal, async (session) => {
        const pid = await pidOf(session)
        client.abort()
        return pid
      })
      pids.push(await session)
    }
    expect(new Set(pids).size).toBe(5)
    expect(pids).not.toContain(await backend.session(login, new AbortController().signal, pidOf))
  } finally {
    await backend.close?.()
    await postgres.close()
  }
})
