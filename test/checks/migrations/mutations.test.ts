import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrationsCheck } from '../../../src/checks/migrations/check.ts'
import { clientOn, inOneTransaction, type Live, startLive } from './live.ts'
import { keptChecks, type MutationSuite, mutationTests } from './mutation-suite.ts'
import { mutations } from './mutations.ts'
import { replayBoth } from './replay.ts'
import { ticketing } from './ticketing.ts'

let live: Live
let session: pg.Client
let suite: MutationSuite
beforeAll(async () => {
  live = await startLive()
  await live.migrate('ticketing', ticketing)
  session = new pg.Client(live.server.url('ticketing'))
  await session.connect()
  // Each drift happens, and is looked at, inside of one transaction that is undone: 4 times as fast as a copy of the
  // database. The long tests make copies.
  suite = {
    ...(await replayBoth(ticketing)),
    async with(use) {
      await session.query('begin')
      try {
        await use({
          sql: (text) => session.query(inOneTransaction(text)),
          ask: keptChecks((expected) => migrationsCheck({ postgres: () => clientOn(session), expected })),
        })
      } finally {
        await session.query('rollback')
      }
    },
  }
})
afterAll(async () => {
  await session?.end()
  await live?.close()
})

it('knows at least 95 drifts', () => {
  expect(new Set(mutations.map(([, sql]) => sql)).size).toBe(mutations.length)
  expect(mutations.length).toBeGreaterThanOrEqual(95)
})

it('finds nothing in the database that the migrations made', async () => {
  for (const expected of [suite.expected, suite.withInformation]) {
    const outcome = await live.ask('ticketing', expected)
    expect(outcome).toMatchObject({
      code: 'ok',
      status: 'pass',
      output: 'database up to date with migrations',
    })
    expect(outcome.details).not.toHaveProperty('findings')
  }
})

mutationTests(() => suite)
