import { afterAll, beforeAll, describe } from 'vitest'
import { type Live, startLive } from './live.ts'
import { replay } from './replay.ts'
import { zoo } from './zoo.ts'
import { type ZooSuite, zooTests } from './zoo-suite.ts'

const replaying = replay(zoo)

describe.each([15, 16, 18] as const)('Postgres %i', (version) => {
  let live: Live
  let suite: ZooSuite
  beforeAll(async () => {
    const replayed = await replaying
    live = await startLive(version)
    await live.migrate('zoo', zoo)
    suite = { ...replayed, live }
  })
  afterAll(() => live?.close())

  zooTests(() => suite, version)
})
