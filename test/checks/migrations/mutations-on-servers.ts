import { afterAll, beforeAll, describe } from 'vitest'
import type { PostgresVersion } from '../../servers/postgres.ts'
import { type Live, startLive } from './live.ts'
import { keptChecks, type MutationSuite, mutationTests } from './mutation-suite.ts'
import { replayBoth } from './replay.ts'
import { ticketing } from './ticketing.ts'

/** The mutations on real servers. In two files, since two files run at once. */
export function mutationsOnServers(
  servers: readonly (readonly [version: PostgresVersion, transport: 'HTTP' | 'TCP'])[],
): void {
  const replayed = replayBoth(ticketing)
  describe.each(servers)('Postgres %i over %s', (version, transport) => {
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
}
