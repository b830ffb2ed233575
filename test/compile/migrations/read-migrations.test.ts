import { describe, expect, it } from 'vitest'
import { hasMigrations, readMigrations } from '../../../src/compile/migrations/read-migrations.ts'
import { journalFiles, journalFolder, temporaryFolder, writeFiles } from '../folders.ts'

const tags = (directory: string) => readMigrations(directory).migrations.map(({ tag }) => tag)

describe('a folder with a journal', () => {
  it('is read in the order of the journal', () => {
    expect(tags(journalFolder({ '0001_b': 'select 2', '0000_a': 'select 1' }))).toEqual(['0001_b', '0000_a'])
  })

  it('keeps tag, time and text of each migration', () => {
    const { layout, migrations } = readMigrations(journalFolder({ '0000_a': 'select 1\r\n' }))
    expect(layout).toBe('journal')
    expect(migrations).toMatchObject([
      { tag: '0000_a', when: 1_700_000_000_000, name: undefined, sql: 'select 1\r\n' },
    ])
  })

  it.each([
    ['5', 'pg'],
    ['6', 'postgresql'],
    ['7', 'postgresql'],
  ])('may be of version %s and dialect %s', (version, dialect) => {
    expect(tags(journalFolder({ '0000_a': '' }, { version, dialect }))).toEqual(['0000_a'])
  })

  it('may hold files that no entry names: a warning says that Drizzle never runs them', () => {
    const directory = temporaryFolder({
      ...journalFiles({ '0000_a': '' }),
      '0001_orphan.sql': 'drop schema public',
      'notes.md': '',
    })
    expect(tags(directory)).toEqual(['0000_a'])
    const { unlisted, warnings } = readMigrations(directory)
    expect(unlisted).toEqual(['0001_orphan.sql'])
    expect(warnings).toEqual([
      `0001_orphan.sql is in ${directory}, but meta/_journal.json does not name it: Drizzle never runs it. Add an entry for it to the journal, with a "when" that is newer than all others, or delete the file.`,
    ])
    const entries = ['0000_a', '0001_orphan'].map((tag, idx) => ({ tag, when: 1_700_000_000_000 + idx }))
    writeFiles(directory, { 'meta/_journal.json': JSON.stringify({ entries }) })
    expect(readMigrations(directory)).toMatchObject({
      migrations: [{ tag: '0000_a' }, { tag: '0001_orphan' }],
      warnings: [],
    })
  })

  it('is named when `drizzle-kit up` stopped half way', () => {
    const { '0000_a.sql': _, ...rest } = journalFiles({ '0000_a': 'select 1', '0001_b': 'select 2' })
    const directory = temporaryFolder({ ...rest, '20231114221320_a/migration.sql': 'select 1' })
    expect(() => readMigrations(directory)).toThrow(
      /is half converted to Drizzle 1\.0: .* names the migration 0000_a, which is already the folder 20231114221320_a\. Restore .* and run `drizzle-kit up` again/,
    )
  })

  it('warns of an entry that is not newer than one before it, and says what Drizzle will do', () => {
    const entries = [
      { tag: '0000_a', when: 3000 },
      { tag: '0001_b', when: 1000 },
      { tag: '0002_c', when: 2000 },
      { tag: '0003_d', when: 3000 },
      { tag: '0004_e', when: 4000 },
    ]
    const directory = journalFolder(Object.fromEntries(entries.map(({ tag }) => [tag, ''])), { entries })
    const { warnings } = readMigrations(directory)
    expect(warnings).toHaveLength(3)
    expect(warnings[0]).toBe(
      '0001_b (1970-01-01T00:00:01.000Z) is not newer than 0000_a (1970-01-01T00:00:03.000Z) before it: Drizzle skips it for ever on a database that has 0000_a, and applies it to an empty one.',
    )
  })
})

describe('a folder of drizzle-kit 1.0', () => {
  it('is read in the order of its names, which are the times', () => {
    const directory = temporaryFolder({
      '20240301000000_b/migration.sql': 'select 2',
      '20240203040506_a/migration.sql': 'select 1',
      '20240203040506_a/snapshot.json': '{}',
      'notes/readme.md': '',
    })
    expect(readMigrations(directory)).toMatchObject({
      layout: 'folders',
      migrations: [
        {
          tag: '20240203040506_a',
          name: '20240203040506_a',
          when: Date.UTC(2024, 1, 3, 4, 5, 6),
          sql: 'select 1',
        },
        { tag: '20240301000000_b' },
      ],
    })
  })

  it('may hold SQL files beside the folders: a warning says that Drizzle never runs them', () => {
    const directory = temporaryFolder({ '20240203040506_a/migration.sql': '', '0001_orphan.sql': '' })
    expect(readMigrations(directory)).toMatchObject({
      unlisted: ['0001_orphan.sql'],
      warnings: [
        expect.stringMatching(/^0001_orphan\.sql is in .*: Drizzle never runs it\. Move it into a folder/),
      ],
    })
  })

  it('may hold a folder whose file has another name, and files in capitals: they are named too', () => {
    const directory = temporaryFolder({
      '20240203040506_a/migration.sql': '',
      '20240203040506_a/down.sql': '',
      '20240301000000_b/migrations.sql': '',
      'manual/repair.sql': '',
      '0002_X.SQL': '',
    })
    const { unlisted, warnings } = readMigrations(directory)
    expect(unlisted).toEqual(['0002_X.SQL', '20240301000000_b/migrations.sql'])
    expect(warnings).toEqual(
      unlisted.map((name) => expect.stringMatching(`^${name} is in .*: Drizzle never runs it`)),
    )
  })

  it('is refused when a name has no time', () => {
    expect(() => readMigrations(temporaryFolder({ 'first/migration.sql': '' }))).toThrow(
      /first\/migration\.sql is in a folder whose name does not begin with a time.*Rename the folder/,
    )
  })

  it('is not read while there is a journal too, which a warning says', () => {
    const directory = temporaryFolder({
      ...journalFiles({ '0000_a': '' }),
      '20240203040506_a/migration.sql': '',
    })
    expect(readMigrations(directory)).toMatchObject({
      layout: 'journal',
      warnings: [expect.stringContaining('has a journal and folders of drizzle-kit 1.0')],
    })
  })
})

describe('what is not a complete folder of migrations', () => {
  it('is not there', () => {
    expect(() => readMigrations('/nowhere/at/all')).toThrow(
      'There is no folder /nowhere/at/all: name the folder of your migrations with --migrations.',
    )
  })

  it.each([
    ['an empty folder', {}],
    ['a journal without entries', journalFiles({})],
  ])('is %s', (_, files) => {
    expect(() => readMigrations(temporaryFolder(files))).toThrow(
      /There are no migrations in .*drizzle-kit generate/,
    )
  })

  it('has a journal that names a missing file', () => {
    const directory = temporaryFolder({
      'meta/_journal.json': journalFiles({ '0000_gone': '' })['meta/_journal.json'] ?? '',
    })
    expect(() => readMigrations(directory)).toThrow(
      /names the migration 0000_gone, but there is no file .*0000_gone\.sql: Drizzle stops there too\. Restore the file/,
    )
  })

  it.each([
    ['<<<<<<< HEAD', /_journal\.json is not JSON .* Restore it from version control/],
    ['{"entries":[{"tag":"a"}]}', /is not a journal of drizzle-kit .* Restore it/],
    ['{"dialect":"mysql","entries":[]}', /is of dialect "mysql": only PostgreSQL migrations can be compared/],
  ])('has the journal %s', (journal, sentence) => {
    expect(() => readMigrations(temporaryFolder({ 'meta/_journal.json': journal }))).toThrow(sentence)
  })
})

it('sees which folders have migrations', () => {
  expect(hasMigrations(journalFolder({}))).toBe(true)
  expect(hasMigrations(temporaryFolder({ '20240203040506_a/migration.sql': '' }))).toBe(true)
  expect(hasMigrations(temporaryFolder({ 'a.sql': '' }))).toBe(false)
  expect(hasMigrations('/nowhere/at/all')).toBe(false)
})
