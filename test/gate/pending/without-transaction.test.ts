/** Over HTTP each statement has a session of its own, and no transaction is around it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../../src/compile/replay/embedded-postgres.ts'
import { parts } from '../project.ts'
import { runScenario, said } from '../scenario.ts'

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres([])
})
afterAll(() => database?.close())

const before =
  'create table t (id integer primary key, a integer); create schema app; create table app.only_there (id integer)'

async function found(driver: 'neon-http' | 'node-postgres', ...statements: string[]) {
  const { findings } = await runScenario(database, { before, pending: { one: parts(...statements) }, driver })
  return { said: said(findings), messages: findings.map(({ message }) => message) }
}

describe('what needs a transaction is refused', () => {
  it.each([
    ['lock table t in share mode', 'LOCK TABLE can only be used in transaction blocks'],
    ['-- first\nSAVEPOINT s', 'SAVEPOINT can only be used in transaction blocks'],
    ['release savepoint s', 'RELEASE SAVEPOINT can only be used in transaction blocks'],
    ['rollback to s', 'ROLLBACK TO SAVEPOINT can only be used in transaction blocks'],
  ])('%j', async (statement, message) => {
    const alone = await found('neon-http', statement, 'select 1')
    expect(alone.said).toEqual(['fail fails one #1', 'warn not_measured one #2'])
    expect(alone.messages[0]).toBe(`fails: ${message}`)
    expect((await found('node-postgres', 'commit', statement)).messages[0]).toBe(`fails: ${message}`)
  })

  it('behind a BEGIN too, whose session ends with it', async () => {
    expect((await found('neon-http', 'begin', 'lock table t')).said).toEqual(['fail fails one #2'])
    expect(
      (await found('neon-http', 'begin', 'create index concurrently i on t (a)', 'commit')).said,
    ).toEqual([])
  })

  it('and not in a transaction', async () => {
    const statements = ['savepoint s', 'lock table t', 'rollback to s', 'release s']
    expect((await found('node-postgres', ...statements)).said).toEqual([])
    expect((await found('node-postgres', 'commit', 'begin', ...statements)).said).toEqual([])
    expect((await found('node-postgres', 'commit', 'select 1; lock table t')).said).toEqual([])
  })
})

it.each([
  'set search_path to app',
  'SET /* for now */ search_path = app',
  `select pg_catalog.set_config('search_path', 'app', false)`,
])('a setting ends with its session: %s', async (setting) => {
  const change = 'alter table only_there add b text'
  expect((await found('node-postgres', setting, change)).said).toEqual([])
  const alone = await found('neon-http', setting, change)
  expect(alone.messages).toContain('fails: relation "only_there" does not exist')
})
