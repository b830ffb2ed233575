import { describe, expect, it } from 'vitest'
import { diffMigrationsTable } from '../../../../src/checks/migrations/comparison/diff-migrations-table.ts'
import type { ExpectedMigration } from '../../../../src/checks/migrations/expected-schema.ts'
import type { MigrationsTableRow } from '../../../../src/checks/migrations/queries/state.ts'

const file = (n: number, more: Partial<ExpectedMigration> = {}): ExpectedMigration => ({
  tag: `000${n}`,
  when: n * 1000,
  hash: `lf${n}`,
  otherLineEndings: [`crlf${n}`],
  ...more,
})
const row = (n: number, more: Partial<MigrationsTableRow> = {}): MigrationsTableRow => ({
  when: n * 1000,
  hash: `lf${n}`,
  ...more,
})

const inSync = {
  pending: [],
  outOfOrder: [],
  edited: [],
  lineEndings: [],
  retimed: [],
  duplicate: [],
  unknown: [],
  ahead: [],
}

describe('the ledger of 0.31, by time', () => {
  const migrations = [file(1), file(2), file(3)]
  const diff = (...rows: MigrationsTableRow[]) => diffMigrationsTable({ migrations, layout: '0.31' }, rows)

  it('is in sync when every file has its row', () => {
    expect(diff(row(1), row(2), row(3))).toEqual(inSync)
  })

  it('is in sync in whatever order its rows come', () => {
    expect(diff(row(3), row(1), row(2))).toEqual(inSync)
  })

  it('has everything pending when it is empty', () => {
    expect(diff()).toEqual({ ...inSync, pending: ['0001', '0002', '0003'] })
  })

  it('has pending what is newer than its newest row', () => {
    expect(diff(row(1))).toEqual({ ...inSync, pending: ['0002', '0003'] })
  })

  it('never runs what is older than its newest row', () => {
    expect(diff(row(1), row(3))).toEqual({ ...inSync, outOfOrder: ['0002'] })
    expect(diff(row(3))).toEqual({ ...inSync, outOfOrder: ['0001', '0002'] })
  })

  it('shows a file that changed after it ran', () => {
    expect(diff(row(1), row(2, { hash: 'other' }), row(3))).toEqual({ ...inSync, edited: ['0002'] })
  })

  it('accepts other line endings', () => {
    expect(diff(row(1), row(2, { hash: 'crlf2' }), row(3))).toEqual({ ...inSync, lineEndings: ['0002'] })
  })

  it('knows a file by its text when the journal gives it another time', () => {
    expect(diff(row(1), row(2, { when: 1999 }), row(3))).toEqual({ ...inSync, retimed: ['0002'] })
  })

  it('knows all files by their texts when the journal gives each of them another time', () => {
    const rows = [1, 2, 3].map((n) => row(n, { when: n * 1000 + 1 }))
    expect(diff(...rows)).toEqual({ ...inSync, retimed: ['0001', '0002', '0003'] })
  })

  it('counts a file that has two rows once, and says so', () => {
    expect(diff(row(1), row(2), row(2), row(3))).toEqual({ ...inSync, duplicate: ['0002'] })
  })

  it('has no other time for a file that has a row of its time too', () => {
    expect(diff(row(1), row(2), row(2, { when: 1999 }), row(3))).toEqual({ ...inSync, duplicate: ['0002'] })
  })

  it('tells rows of no file that are older from those that are newer than our newest file', () => {
    const rows = [row(1), row(2), { when: 2500, hash: 'x' }, row(3), { when: 1_790_000_000_000, hash: 'y' }]
    expect(diff(...rows)).toEqual({
      ...inSync,
      unknown: ['1970-01-01T00:00:02.500Z'],
      ahead: ['2026-09-21T14:13:20.000Z'],
    })
  })

  it('shows a row without a time as unknown, and it skips nothing', () => {
    const rows = [row(1), row(2), { when: Number.NaN, hash: 'x' }]
    expect(diff(...rows)).toEqual({ ...inSync, pending: ['0003'], unknown: ['a row without a time'] })
  })

  it('names a row by the last time that a date can have, and one that is later without it', () => {
    const ahead = (when: number) => diff(row(1), row(2), row(3), { when, hash: 'x' }).ahead
    expect(ahead(8.64e15)).toEqual(['+275760-09-13T00:00:00.000Z'])
    expect(ahead(8.64e15 + 2)).toEqual(['a row without a time'])
  })

  it('has its newest row in spite of one without a time', () => {
    expect(diff(row(1), row(3), { when: Number.NaN, hash: 'x' })).toEqual({
      ...inSync,
      outOfOrder: ['0002'],
      unknown: ['a row without a time'],
    })
  })

  it('skips what a newer application skips', () => {
    expect(diff(row(1), row(2), row(9, { hash: 'x' }))).toEqual({
      ...inSync,
      outOfOrder: ['0003'],
      ahead: ['1970-01-01T00:00:09.000Z'],
    })
  })
})

it('pairs files that share a time by their text', () => {
  const migrations = [file(1), file(2, { when: 1000 })]
  const diff = (...rows: MigrationsTableRow[]) => diffMigrationsTable({ migrations, layout: '0.31' }, rows)
  expect(diff(row(1), row(2, { when: 1000 }))).toEqual(inSync)
  expect(diff(row(2, { when: 1000 }))).toEqual({ ...inSync, outOfOrder: ['0001'] })
})

it('gives each of two files that share time and text a row of its own', () => {
  const empty = { when: 1000, hash: 'empty' }
  const migrations = [file(1, empty), file(2, empty), file(3)]
  const rows = [row(3), row(1, empty), row(2, empty)]
  expect(diffMigrationsTable({ migrations, layout: '0.31' }, rows)).toEqual(inSync)
})

it('pairs files that share a text by their time', () => {
  const migrations = [file(1, { hash: 'empty' }), file(2, { hash: 'empty' }), file(3, { hash: 'empty' })]
  const rows = [row(1, { hash: 'empty' }), row(2, { hash: 'empty' })]
  expect(diffMigrationsTable({ migrations, layout: '0.31' }, rows)).toEqual({ ...inSync, pending: ['0003'] })
})

describe('the ledger of 1.0, by name', () => {
  const migrations = [file(1, { name: 'one' }), file(2, { name: 'two' }), file(3, { name: 'three' })]
  const diff = (...rows: MigrationsTableRow[]) => diffMigrationsTable({ migrations, layout: '1.0' }, rows)

  it('is in sync when every file has its row', () => {
    expect(diff(row(1, { name: 'one' }), row(2, { name: 'two' }), row(3, { name: 'three' }))).toEqual(inSync)
  })

  it('says nothing of the time of a row that has a name', () => {
    const rows = [row(1, { name: 'one' }), row(2, { name: 'two', when: 99_000 }), row(3, { name: 'three' })]
    expect(diff(...rows)).toEqual(inSync)
  })

  it('runs what has no row, however old it is', () => {
    expect(diff(row(3, { name: 'three' }))).toEqual({ ...inSync, pending: ['0001', '0002'] })
  })

  it('knows rows of before the upgrade, which have no name, by their time', () => {
    expect(diff(row(1), row(2, { name: 'two' }), row(3, { name: 'three' }))).toEqual(inSync)
  })

  it('shows edited files and unknown rows by their names', () => {
    const rows = [row(1, { name: 'one', hash: 'other' }), row(2, { name: 'two' }), row(3, { name: 'three' })]
    expect(
      diff(...rows, { when: 1500, hash: 'x', name: 'gone' }, { when: 9000, hash: 'y', name: 'new' }),
    ).toEqual({
      ...inSync,
      edited: ['0001'],
      unknown: ['gone'],
      ahead: ['new'],
    })
  })
})

describe('the ledger half way to 1.0', () => {
  const written = 1_750_000_000_123
  const folder = 1_750_000_000_000
  const [one, two] = ['20250615150640_one', '20250615150640_two']
  const folders = [file(1, { when: folder, name: one }), file(2, { when: folder, name: two })]
  const [first] = folders as [ExpectedMigration, ExpectedMigration]
  const diff1 = (migrations: ExpectedMigration[], ...rows: MigrationsTableRow[]) =>
    diffMigrationsTable({ migrations, layout: '1.0' }, rows)

  it('is in sync when the folder is converted and the table is not', () => {
    expect(diff1([first], row(1, { when: written }))).toEqual(inSync)
    expect(
      diff1([first, file(9, { name: 'new', when: folder + 60_000 })], row(1, { when: written })),
    ).toEqual({
      ...inSync,
      pending: ['0009'],
    })
  })

  it('pairs rows of one second by their hash, as the upgrade does', () => {
    const rows = [row(2, { when: written }), row(1, { when: written + 500 })]
    expect(diff1(folders, ...rows)).toEqual(inSync)
    expect(diff1(folders, row(2, { when: written }))).toEqual({ ...inSync, pending: ['0001'] })
  })

  it('is in sync when the table is upgraded, which keeps its times', () => {
    expect(
      diff1(folders, row(1, { when: written, name: one }), row(2, { when: written + 1, name: two })),
    ).toEqual(inSync)
  })

  it('names an edited file as edited, before and after the upgrade of the table', () => {
    for (const name of [{}, { name: one }])
      expect(diff1([first], row(1, { when: written, hash: 'other', ...name }))).toEqual({
        ...inSync,
        edited: ['0001'],
      })
  })

  it('runs a folder again that was renamed after it ran', () => {
    const rows = [row(1, { when: written, name: 'old name' })]
    expect(diff1([first], ...rows)).toEqual({ ...inSync, pending: ['0001'], unknown: ['old name'] })
  })

  it('may be asked by a function that still has the journal', () => {
    const migrations = [file(1, { when: written })]
    const diff = (...rows: MigrationsTableRow[]) => diffMigrationsTable({ migrations, layout: '0.31' }, rows)
    expect(diff(row(1, { when: written, name: one }))).toEqual(inSync)
    expect(diff(row(1, { when: folder, name: one }))).toEqual(inSync)
    // Also where the rest of the rows has no name: times are compared to the second for all of them.
    const both = [file(1, { when: written }), file(2, { when: written + 60_000 })]
    const rows = [row(1, { when: folder, name: one, hash: 'other' }), row(2, { when: written + 60_000 })]
    expect(diffMigrationsTable({ migrations: both, layout: '0.31' }, rows)).toEqual({
      ...inSync,
      edited: ['0001'],
    })
    expect(diff(row(1, { when: folder, name: one }), row(8, { when: folder + 60_000, name: 'new' }))).toEqual(
      {
        ...inSync,
        ahead: ['new'],
      },
    )
  })
})

it('takes 300 migrations in its stride', () => {
  const migrations = Array.from({ length: 300 }, (_, i) => file(i))
  const rows = migrations.map(({ when, hash }) => ({ when, hash }))
  expect(diffMigrationsTable({ migrations, layout: '0.31' }, rows)).toEqual(inSync)
})
