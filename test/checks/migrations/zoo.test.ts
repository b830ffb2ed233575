import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Live, startLive } from './live.ts'
import { ledgerSql, replay } from './replay.ts'
import { zoo } from './zoo.ts'
import { type ZooSuite, zooTests } from './zoo-suite.ts'

let live: Live
let suite: ZooSuite
beforeAll(async () => {
  const replayed = await replay(zoo)
  live = await startLive()
  await live.migrate('zoo', zoo)
  suite = { ...replayed, live, ledger: ledgerSql(zoo.files) }
})
afterAll(() => live?.close())

it('has at least 150 awkward expressions', () => {
  expect(zoo.count).toBeGreaterThanOrEqual(150)
})

it('has some that a dump and restore prints differently, which are accepted in both forms', () => {
  const alternatives = suite.expected.parts.filter(({ objectDigests }) => objectDigests.includes('/'))
  expect(alternatives.length).toBeGreaterThan(0)
  expect(suite.expected.digests).toHaveLength(4)
})

zooTests(() => suite, 17)
