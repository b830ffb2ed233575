import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { parts } from '../project.ts'
import { huge, runScenario, said } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before = `create table t (id integer primary key, a integer, b integer);
  create type mood as enum ('x'); create table m (id integer, mood mood)`

async function works(...statements: readonly string[]) {
  const { findings } = await runScenario(database, {
    before,
    pending: { one: parts(...statements) },
    sizes: { 'public.t': huge, 'public.m': huge },
  })
  return said(findings).filter((line) => /rewrites|reads_all|builds_index/.test(line))
}

const rewrite = 'alter table t alter a type bigint'
const instant = 'alter table t add c text'

describe('a table that a rollback brought back is not rewritten', () => {
  it.each([
    ['after ROLLBACK', [rewrite, 'rollback', instant], ['fail rewrites public.t #1']],
    ['after ROLLBACK of a DROP', ['drop table t', 'rollback', instant], []],
    ['after ROLLBACK TO', ['savepoint s', rewrite, 'rollback to s', instant], ['fail rewrites public.t #2']],
    [
      'after ROLLBACK TO of a DROP, in the next transaction',
      ['savepoint s', 'drop table t', 'rollback to savepoint s', 'commit', instant],
      [],
    ],
    [
      'by ROLLBACK TO, of a table that was locked before',
      [instant, 'savepoint s', rewrite, 'rollback work to s'],
      ['fail rewrites public.t #3'],
    ],
  ])('%s', async (_, statements, expected) => {
    expect(await works(...statements)).toEqual(expected)
  })
})

it('a scan counts for a statement that needed what came before it committed', async () => {
  const statements = [
    'alter table m alter id set not null',
    `alter type mood add value 'y'`,
    `alter table m add check (mood <> 'y')`,
  ]
  expect(await works(...statements)).toEqual(['fail reads_all public.m #1', 'fail reads_all public.m #3'])
})
