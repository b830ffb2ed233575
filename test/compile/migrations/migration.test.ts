import { describe, expect, it } from 'vitest'
import { expectedMigrations } from '../../../src/compile/expected-migrations.ts'
import { chunksOf, hashesOf, hashOf } from '../../../src/compile/migrations/migration.ts'

describe('the hashes of a migration', () => {
  it('are those of its LF and of its CRLF form, whichever was checked out', () => {
    const both = { lf: hashOf('a\nb\n'), crlf: hashOf('a\r\nb\r\n') }
    expect(hashesOf('a\nb\n')).toEqual(both)
    expect(hashesOf('a\r\nb\r\n')).toEqual(both)
  })

  it('are the same one when the file has both endings, which git leaves alone', () => {
    expect(hashesOf('a\r\nb\n')).toEqual({ lf: hashOf('a\r\nb\n'), crlf: hashOf('a\r\nb\n') })
  })

  it('are kept as the one that was read, and the others', () => {
    const migration = { tag: '0000_a', when: 1, name: undefined, file: '' }
    const written = (sql: string) => ({ sql, hash: hashOf(sql) })
    const migrations = [
      { ...migration, ...written('a\r\n') },
      { ...migration, name: 'n', ...written('one line') },
    ]
    expect(expectedMigrations(migrations)).toEqual([
      {
        tag: '0000_a',
        when: 1,
        hash: hashOf('a\r\n').slice(0, 16),
        otherLineEndings: [hashOf('a\n').slice(0, 16)],
      },
      { tag: '0000_a', when: 1, name: 'n', hash: hashOf('one line').slice(0, 16), otherLineEndings: [] },
    ])
  })
})

it('splits a file where Drizzle does', () => {
  expect(chunksOf('select 1;\n--> statement-breakpoint\nselect 2;')).toEqual(['select 1;\n', '\nselect 2;'])
})
