import { afterAll, beforeAll, describe } from 'vitest'
import { type Live, startLive } from './live.ts'
import { replay } from './replay.ts'
import { zooFor } from './zoo.ts'
import { type ZooSuite, zooTests } from './zoo-suite.ts'

describe.each([14, 15, 16, 18] as const)('Postgres %i', (version) => {
  let live: Live
  let suite: ZooSuite
  beforeAll(async () => {
    const replayed = await replay(zooFor(version))
    live = await startLive(version)
    await live.migrate('zoo', zooFor(version))
    suite = { ...replayed, live }
  })
  afterAll(() => live?.close())

  zooTests(() => suite, version)
})
