import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Live, startLive } from './live.ts'
import { type FolderOn1, ledgerOf, makeFolderOn1 } from './on-drizzle-1.ts'
import { ledgerSql, replay } from './replay.ts'
import { zooFor } from './zoo.ts'
import { type ZooSuite, zooTests } from './zoo-suite.ts'

describe.each([14, 15, 16, 18] as const)('Postgres %i', (version) => {
  let live: Live
  let suite: ZooSuite
  beforeAll(async () => {
    const replayed = await replay(zooFor(version))
    live = await startLive(version)
    await live.migrate('zoo', zooFor(version))
    suite = { ...replayed, live, ledger: ledgerSql(zooFor(version).files) }
  })
  afterAll(() => live?.close())

  zooTests(() => suite, version)
})

describe('a folder of Drizzle 1.0', () => {
  let live: Live
  let folder: FolderOn1
  let suite: ZooSuite
  beforeAll(async () => {
    const { expected, dump } = await replay(zooFor(17))
    folder = await makeFolderOn1(zooFor(17))
    live = await startLive(17)
    await live.migrate('zoo', zooFor(17), folder.migrate)
    suite = { expected: folder.expect(expected), dump, live, ledger: await ledgerOf(live, 'zoo') }
  })
  afterAll(async () => {
    folder?.remove()
    await live?.close()
  })

  it('is read as one, with the names that its migrator wrote', async () => {
    const { layout, migrations } = suite.expected
    expect(layout).toBe('1.0')
    expect(await live.sql('zoo', 'select name from drizzle.__drizzle_migrations order by id')).toEqual(
      migrations.map(({ name }) => ({ name })),
    )
    expect(migrations.map(({ name }) => name)).toEqual(
      zooFor(17).files.map((_, index) => expect.stringMatching(`^\\d{14}_${index}_file$`)),
    )
  })

  zooTests(() => suite, 17)
})
