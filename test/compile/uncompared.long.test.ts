import { readFileSync } from 'node:fs'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import type { CompileOptions } from '../../src/compile/options.ts'
import { uncomparedKinds } from '../../src/compile/uncompared.ts'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { below, journalFiles, temporaryFolder } from './folders.ts'

/** One of each kind that migrations can make, with its name; what needs C code or another server of its own is left out. */
const made: readonly (readonly [object: string, sql: string])[] = [
  ['access method heaped', 'create access method heaped type table handler heap_tableam_handler'],
  ['aggregate public.most(integer)', 'create aggregate most(integer) (sfunc = int4larger, stype = integer)'],
  ['cast (public.pair AS pg_catalog.text)', 'create cast (pair as text) with function told(pair)'],
  ['conversion public.latin', `create conversion latin for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8`],
  [
    'event trigger watch',
    `create function watched() returns event_trigger language plpgsql as 'begin end'; create event trigger watch on ddl_command_end execute function watched()`,
  ],
  ['foreign data wrapper elsewhere', 'create foreign data wrapper elsewhere'],
  ['foreign server archive', 'create server archive foreign data wrapper elsewhere'],
  ['language sentences', 'create language sentences handler plpgsql_call_handler'],
  [
    'operator public.===(pg_catalog.text,pg_catalog.text)',
    'create operator === (leftarg = text, rightarg = text, function = texteq)',
  ],
  [
    'operator class public.odd USING btree',
    'create operator class odd for type integer using btree as operator 1 <, operator 2 <=, operator 3 =, operator 4 >=, operator 5 >, function 1 btint4cmp(integer, integer)',
  ],
  ['operator family public.odds USING btree', 'create operator family odds using btree'],
  ['publication changes', 'create publication changes for table orders'],
  ['text search configuration public.german', 'create text search configuration german (copy = german)'],
  [
    'text search dictionary public.stems',
    'create text search dictionary stems (template = simple, accept = false)',
  ],
  [
    'text search parser public.words',
    'create text search parser words (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype)',
  ],
  [
    'text search template public.plain',
    'create text search template plain (init = dsimple_init, lexize = dsimple_lexize)',
  ],
  ['user mapping public on server archive', 'create user mapping for public server archive'],
]

const tables =
  'create table orders (id integer primary key); create type pair as (a integer, b integer); create function told(p pair) returns text language sql immutable as $$ select p.a::text $$'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

async function compile(directory: string, options: Partial<CompileOptions> = {}) {
  const compiled = await compileExpectedSchema({
    workingDirectory: directory,
    migrations: 'drizzle',
    ...options,
  })
  const expected: ExpectedSchema = JSON.parse(readFileSync(compiled.output, 'utf8'))
  return { ...compiled, expected }
}

let databases = 0
async function migrated(directory: string, before = 'select 1') {
  const name = `uncompared_${databases++}`
  await live.server.createDatabase(name)
  await live.sql(name, before)
  const client = new pg.Client(live.server.url(name))
  await client.connect()
  try {
    await migrate(drizzle(client), { migrationsFolder: `${directory}/drizzle` })
  } finally {
    await client.end()
  }
  return name
}

const project = (files: Record<string, string>, more: Record<string, string> = {}) =>
  temporaryFolder({ ...more, ...below('drizzle', journalFiles(files)) })

describe('what the migrations make and no query asks for', { timeout: 120_000 }, () => {
  it('is named, kind by kind, and is never ok', async () => {
    const directory = project({
      '0000_start': tables,
      '0001_rest': made.map(([, sql]) => sql).join(';\n--> statement-breakpoint\n'),
    })
    const names = made.map(([object]) => object)
    const kinds = uncomparedKinds.filter((kind) => !names.some((name) => name.startsWith(`${kind} `)))
    expect(kinds, 'kinds without an example').toEqual(['transform'])
    const { expected, warnings } = await compile(directory)
    expect(expected.uncompared).toEqual(names)
    const database = await migrated(directory)
    expect(await live.ask(database, expected)).toMatchObject({
      status: 'warn',
      code: 'not_compared',
      output: 'not everything could be compared with the migrations',
      details: {
        not_comparable: names,
        not_comparable_hint: 'It is of a kind that no query asks for. Accept it with compile --ignore.',
      },
    })
    // A difference that is known counts for more.
    await live.sql(database, 'alter table orders add total integer not null')
    expect(await live.ask(database, expected)).toMatchObject({ status: 'fail', code: 'drift' })
    await live.sql(database, 'alter table orders drop total')

    // The advice of the warning.
    const [, patterns = ''] = /--ignore '([^']+)'/.exec(warnings.join()) ?? []
    const accepted = await compile(directory, { ignore: patterns.split(',') })
    expect(accepted.expected.uncompared).toBeUndefined()
    expect(await live.ask(database, accepted.expected)).toMatchObject({ status: 'pass', code: 'ok' })
  })

  it('is not named where a prelude or an extension made it, or in a schema that is not compared', async () => {
    const platform =
      'create publication platform; create text search configuration simple_too (copy = simple);'
    const directory = project(
      {
        '0000_start': `${tables}; create extension citext; create schema elsewhere;
          create text search configuration elsewhere.mine (copy = simple); create publication ours;`,
      },
      { 'prelude.sql': platform },
    )
    const options = { prelude: 'prelude.sql', schemas: ['public'] }
    const { expected } = await compile(directory, options)
    expect(expected.uncompared).toEqual(['publication ours'])
    const whole = await compile(directory, {
      ...options,
      preludeExpected: true,
      ignore: ['publication:ours'],
    })
    expect(whole.expected.uncompared).toEqual([
      'publication platform',
      'text search configuration public.simple_too',
    ])
  })

  it('refuses a pattern of a kind that there is not, and names those that there are', async () => {
    const directory = project({ '0000_start': tables })
    await expect(compile(directory, { ignore: ['publications:ours'] })).rejects.toThrow(
      /"publications" is not a kind: expected one of .*, publication, text search configuration/,
    )
  })
})
