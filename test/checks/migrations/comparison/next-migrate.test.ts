import { describe, expect, it } from 'vitest'
import type { CatalogVerdict } from '../../../../src/checks/migrations/comparison/compare.ts'
import { diffMigrationsTable } from '../../../../src/checks/migrations/comparison/diff-migrations-table.ts'
import { nextMigrateNote } from '../../../../src/checks/migrations/comparison/next-migrate.ts'
import type { ExpectedMigration } from '../../../../src/checks/migrations/expected-schema.ts'
import { toFindings } from '../../../../src/checks/migrations/findings/finding.ts'
import { outcomeOf } from '../../../../src/checks/migrations/outcome.ts'
import type { MigrationsTableRow } from '../../../../src/checks/migrations/queries/state.ts'

const file = (n: number, second = n): ExpectedMigration => ({
  ...{ tag: `${n}_file`, name: `${n}_file`, when: second * 1000, hash: `h${n}`, otherLineEndings: [] },
})
/** As 0.31 wrote it: with milliseconds, and without a name. */
const old = (n: number, hash = `h${n}`): MigrationsTableRow => ({ when: n * 1000 + 7, hash })
const named = (n: number): MigrationsTableRow => ({ when: n * 1000, hash: `h${n}`, name: `${n}_file` })
const unnamed = (n: number): MigrationsTableRow => ({ ...old(n), name: null })

const diff = (migrations: readonly ExpectedMigration[], rows: readonly MigrationsTableRow[]) =>
  diffMigrationsTable({ migrations, layout: '1.0' }, rows)

describe('a table that Drizzle 1.0 has yet to upgrade', () => {
  it.each<
    [what: string, files: readonly ExpectedMigration[], rows: readonly MigrationsTableRow[], refused?: number]
  >([
    ['all rows have files', [file(1), file(2)], [old(1), old(2)]],
    ['a file was edited', [file(1)], [old(1, 'x')]],
    ['a folder has another second', [file(1, 5)], [old(1)]],
    ['it is empty', [file(1)], []],
    ['a row of no file', [file(2)], [old(1), old(2)], 1],
    ['a row of no file, which is newer', [file(1)], [old(1), old(3), old(4)], 2],
    ['two files of one second, both as they ran', [file(1, 1), file(2, 1)], [old(1), old(1, 'h2')]],
    ['two files of one second, one edited', [file(1, 1), file(2, 1)], [old(1), old(1, 'x')], 1],
  ])('%s', (_, files, rows, refused) => {
    expect(diff(files, rows).refused).toBe(refused)
  })

  it('is nothing to a project on 0.31', () => {
    const rows = [old(1), old(2)]
    expect(diffMigrationsTable({ migrations: [file(2)], layout: '0.31' }, rows)).not.toHaveProperty('refused')
  })
})

describe('a table that Drizzle 1.0 has upgraded', () => {
  it('may have rows of no file', () => {
    const rows = [named(1), named(2)]
    expect(diff([file(2)], rows)).toMatchObject({ unknown: ['1_file'] })
    expect(diff([file(2)], rows)).not.toHaveProperty('refused')
    // One row with a name is enough to know that it has the column.
    expect(diff([file(2)], [old(1), named(2)])).not.toHaveProperty('refused')
  })

  it('has files that run again, where an older version wrote their rows afterwards', () => {
    const changed = diff([file(1), file(2)], [named(1), unnamed(2)])
    expect(changed).toMatchObject({ pending: [], runsAgain: ['2_file'] })
    expect(nextMigrateNote(changed)).toMatch(/^Drizzle 1\.0 will run again/)
    expect(diff([file(1)], [named(1), unnamed(1)])).not.toHaveProperty('runsAgain')
  })
})

it('has a word for one row and for more, and none where there is nothing to know', () => {
  expect(nextMigrateNote({ refused: 1 })).toContain(' of its file, and 1 row has none. ')
  expect(nextMigrateNote({ refused: 2 })).toContain(' of its file, and 2 rows have none. ')
  expect(nextMigrateNote({})).toBeUndefined()
})

it('the advice says so where it would end with that migrate, or say that nothing is broken', () => {
  const catalog: CatalogVerdict = {
    ...{ state: 'compared', findings: toFindings([]), unread: [], moreExtra: 0, ignored: [], viewText: true },
  }
  const next = (files: readonly ExpectedMigration[], rows: readonly MigrationsTableRow[]) => {
    const outcome = outcomeOf({ ledger: diff(files, rows), catalog, models: { state: 'in_line' } }, {})
    return [outcome.code, outcome.details?.['next']]
  }
  const stops = expect.stringMatching(
    /^Drizzle 1\.0 will stop before it runs anything: .* 1 row has none\. Bring back/,
  )
  expect(next([file(2)], [old(1), old(2)])).toEqual(['unknown_migration', stops])
  expect(next([file(2), file(3)], [old(1), old(2)])).toEqual(['pending', stops])
  expect(next([file(2), file(3)], [named(1), named(2)])).toEqual(['pending', 'npx drizzle-kit migrate'])
  expect(next([file(2)], [named(1), named(2)])).toEqual([
    'unknown_migration',
    expect.stringMatching(/^Nothing is/),
  ])
})
