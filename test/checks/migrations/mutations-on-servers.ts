import { afterAll, beforeAll, describe } from 'vitest'
import type { ExpectedSchema } from '../../../src/checks/migrations/expected-schema.ts'
import type { PostgresVersion } from '../../servers/postgres.ts'
import { type Live, startLive } from './live.ts'
import { keptChecks, type MutationSuite, mutationTests, oneOfEachKind } from './mutation-suite.ts'
import { mutations } from './mutations.ts'
import { type FolderOn1, makeFolderOn1 } from './on-drizzle-1.ts'
import { replayBoth } from './replay.ts'
import { ticketing } from './ticketing.ts'

type Server = readonly [version: PostgresVersion, transport: 'HTTP' | 'TCP', layout?: '0.31' | '1.0']

/**
 * The mutations on real servers. In two files, since two files run at once. On a folder of Drizzle 1.0, whose
 * catalog is the same, one drift of each kind.
 */
export function mutationsOnServers(servers: readonly Server[]): void {
  const replayed = replayBoth(ticketing)
  const named = servers.map(([version, transport, layout = '0.31']) => [version, transport, layout] as const)
  describe.each(named)('Postgres %i over %s, folder of Drizzle %s', (version, transport, layout) => {
    let live: Live
    let suite: MutationSuite
    let folder: FolderOn1 | undefined
    beforeAll(async () => {
      // The embedded Postgres keeps this process busy, and a login elsewhere would time out meanwhile.
      const { expected, withInformation } = await replayed
      if (layout === '1.0') folder = await makeFolderOn1(ticketing)
      live = await startLive(version, transport)
      await live.migrate('ticketing', ticketing, folder?.migrate)
      const asRead = (schema: ExpectedSchema) => folder?.expect(schema) ?? schema
      suite = {
        expected: asRead(expected),
        withInformation: asRead(withInformation),
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
    afterAll(async () => {
      folder?.remove()
      await live?.close()
    })

    mutationTests(() => suite, version, layout === '1.0' ? oneOfEachKind(mutations) : mutations)
  })
}
