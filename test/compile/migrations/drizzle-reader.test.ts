import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import {
  below,
  journalFiles,
  strangeProject,
  temporaryFolder,
  temporaryProject,
  temporaryProjectOn1,
} from '../folders.ts'

const journal = below('drizzle', journalFiles({ '0000_a': 'select 1', '0001_b': 'select 2' }))
const folders = below('drizzle', {
  '20240203040506_b/migration.sql': 'select 1',
  '20240203040506_a/migration.sql': 'select 2;\n--> statement-breakpoint\nselect 3',
})

const read = (project: string) => readMigrations(join(project, 'drizzle'))

const projectThatReads = (migrations: object[], files = journal) => strangeProject(files, migrations)

describe("the project's own drizzle-orm", () => {
  it('reads a journal with 0.45, and a folder of Drizzle 1.0 with 1.0', () => {
    expect(read(temporaryProject(journal))).toMatchObject({
      warnings: [],
      migrations: [{ tag: '0000_a', when: 1_700_000_000_000 }, { tag: '0001_b' }],
    })
    expect(read(temporaryProjectOn1(folders))).toMatchObject({
      warnings: [],
      migrations: [
        { name: '20240203040506_a', when: Date.UTC(2024, 1, 3, 4, 5, 6) },
        { name: '20240203040506_b' },
      ],
    })
  })

  it('comes before ours: its hash and time are those that are compared', () => {
    const { migrations } = read(temporaryProject(journal))
    const files = migrations.map(({ hash, when, sql }) => ({ hash, folderMillis: when, sql: [sql] }))
    expect(read(projectThatReads(files))).toMatchObject({ migrations: files.map(({ hash }) => ({ hash })) })
    const [first, second] = files
    expect(() => read(projectThatReads([second ?? {}, first ?? {}]))).toThrow(
      /drizzle is read in two ways: migration 1 is time 1700000060000, hash [0-9a-f]{16}, 1 parts for drizzle-orm 9\.9\.9, and time 1700000000000, hash [0-9a-f]{16}, 1 parts for edge-health\./,
    )
    expect(() => read(projectThatReads([first ?? {}]))).toThrow(
      /drizzle-orm 9\.9\.9 reads 1 migrations, edge-health reads 2\. Install the drizzle-orm that/,
    )
  })

  it('is named when it cannot read the layout, and the folder is read all the same', () => {
    expect(read(temporaryProjectOn1(journal))).toMatchObject({
      migrations: [{ tag: '0000_a' }, { tag: '0001_b' }],
      warnings: [
        expect.stringMatching(
          /^The project's drizzle-orm 1\.0\.0-rc\.5 cannot read .*drizzle, and so cannot migrate \(We detected that you have old .*\): run `drizzle-kit up`/,
        ),
      ],
    })
    expect(read(temporaryProject(folders))).toMatchObject({
      migrations: [{ tag: '20240203040506_a' }, { tag: '20240203040506_b' }],
      warnings: [
        expect.stringMatching(
          /^The project's drizzle-orm 0\.45\.4 cannot read .*: install the drizzle-orm 1\.0 that belongs to your drizzle-kit\.$/,
        ),
      ],
    })
  })

  it('may be installed beside the models only', () => {
    const directory = temporaryFolder(folders)
    const app = temporaryProjectOn1({ 'src/schema.ts': '' })
    expect(readMigrations(join(directory, 'drizzle'), [join(app, 'src/schema.ts')])).toMatchObject({
      warnings: [],
    })
    expect(readMigrations(join(directory, 'drizzle'))).toMatchObject({ warnings: [] })
  })
})
