import { afterAll, beforeAll, describe } from 'vitest'
import { type Live, startLive } from './live.ts'
import { keptChecks, type MutationSuite, mutationTests } from './mutation-suite.ts'
import { replayBoth } from './replay.ts'
import { ticketing } from './ticketing.ts'

const replayed = replayBoth(ticketing)

describe.each([
  [15, 'HTTP'],
  [16, 'HTTP'],
  [17, 'HTTP'],
  [18, 'HTTP'],
  [18, 'TCP'],
] as const)('Postgres %i over %s', (version, transport) => {
  let live: Live
  let suite: MutationSuite
  beforeAll(async () => {
    // The embedded Postgres keeps this process busy, and a login elsewhere would time out meanwhile.
    const expected = await replayed
    live = await startLive(version, transport)
    await live.migrate('ticketing', ticketing)
    suite = {
      ...expected,
      async with(use) {
        await live.copy('ticketing', 'drift')
        try {
          await use({
            sql: (text) => live.sql('drift', text),
            ask: keptChecks((expected) => live.check('drift', expected)),
          })
        } finally {
          await live.drop('drift')
        }
      },
    }
  })
  afterAll(() => live?.close())

  mutationTests(() => suite, version)
})
