/** Every message of the compile says how to go on: here that is done, and the compile succeeds. */
import { globSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { compileExpectedSchema } from '../../src/compile/compile.ts'
import type { CompileOptions } from '../../src/compile/options.ts'
import { runBin } from '../cli/run-bin.ts'
import {
  below,
  installDrizzle,
  journalFiles,
  strangeProject,
  temporaryProject,
  writeFiles,
} from './folders.ts'

type Files = Readonly<Record<string, string>>

interface Advice {
  /** The source file with the message. */
  readonly source: string
  readonly message: RegExp
  readonly files: Files
  readonly options?: CompileOptions
  /** What the message says: files to write, a path to rename, other options. */
  readonly follow: {
    readonly files?: Files
    readonly rename?: readonly [from: string, to: string]
    readonly options?: CompileOptions
    readonly environment?: Files
  }
}

const config = "export default { dialect: 'postgresql', out: './drizzle' }"
const drizzle = (migrations: Files, journal: object = {}) =>
  below('drizzle', journalFiles({ ...migrations }, journal))
const without = (path: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).filter(([name]) => name !== path))
const one = drizzle({ '0000_first': 'create table orders (id integer primary key)' })
const whole: Files = { 'drizzle.config.ts': config, ...one }
const journal = one['drizzle/meta/_journal.json'] ?? ''

/** A folder that compiles, an option that does not, and the option that the message asks for. */
const option = (source: string, message: RegExp, wrong: CompileOptions, right: CompileOptions): Advice => ({
  source,
  message,
  files: whole,
  options: wrong,
  follow: { options: right },
})

const sources = 'project/sources.ts'
const advice: readonly Advice[] = [
  {
    source: 'find-scope.ts',
    message:
      /There is no schema shop after the migrations.*make it before the migrations with --prelude FILE/,
    files: { ...whole, 'before.sql': 'create schema shop; set search_path = shop;' },
    options: { schemas: ['shop'] },
    follow: { options: { schemas: ['shop'], prelude: 'before.sql' } },
  },
  {
    source: 'migrations/read-migrations.ts',
    message: /There is no folder .*migrations: name the folder of your migrations with --migrations/,
    files: one,
    options: { migrations: 'migrations' },
    follow: { options: { migrations: 'drizzle' } },
  },
  {
    source: 'migrations/read-migrations.ts',
    message: /There are no migrations in .*or name another folder with --migrations/,
    files: { ...one, 'empty/readme.md': '' },
    options: { migrations: 'empty' },
    follow: { options: { migrations: 'drizzle' } },
  },
  {
    source: 'migrations/folder-layout.ts',
    message: /Drizzle expects YYYYMMDDhhmmss_name\. Rename the folder/,
    files: { 'drizzle.config.ts': config, 'drizzle/first/migration.sql': 'create table orders (id integer)' },
    follow: { rename: ['drizzle/first', 'drizzle/20260101120000_first'] },
  },
  {
    source: 'migrations/journal-layout.ts',
    message: /is of dialect "mysql".*or name another folder with --migrations/,
    files: {
      'old/meta/_journal.json': journal.replace('postgresql', 'mysql'),
      'old/0000_first.sql': 'select 1',
      ...one,
    },
    options: { migrations: 'old' },
    follow: { options: { migrations: 'drizzle' } },
  },
  {
    source: 'migrations/journal-layout.ts',
    message: /there is no file .*0001_second\.sql: Drizzle stops there too\. Restore the file/,
    files: without('drizzle/0001_second.sql', {
      'drizzle.config.ts': config,
      ...drizzle({ '0000_first': 'create table orders (id integer)', '0001_second': '' }),
    }),
    follow: { files: { 'drizzle/0001_second.sql': 'alter table orders add total integer' } },
  },
  {
    source: 'migrations/journal-layout.ts',
    message: /is not JSON .*Restore it from version control/,
    files: { ...whole, 'drizzle/meta/_journal.json': '<<<<<<< HEAD' },
    follow: { files: { 'drizzle/meta/_journal.json': journal } },
  },
  {
    source: 'migrations/journal-layout.ts',
    message: /is not a journal of drizzle-kit .*Restore it from version control/,
    files: { ...whole, 'drizzle/meta/_journal.json': '{"entries":7}' },
    follow: { files: { 'drizzle/meta/_journal.json': journal } },
  },
  {
    source: 'project/locate.ts',
    message: /has migrations from the working directory .*say which with --migrations DIR/,
    files: { ...one, ...below('db', { 'drizzle.config.ts': config, ...one }) },
    options: { config: 'db/drizzle.config.ts' },
    follow: { options: { config: 'db/drizzle.config.ts', migrations: 'db/drizzle' } },
  },
  {
    source: 'project/locate.ts',
    message: /There are no migrations in .*or name the folder with --migrations DIR/,
    files: { 'drizzle.config.ts': config, ...below('elsewhere', one) },
    follow: { options: { migrations: 'elsewhere/drizzle' } },
  },
  {
    source: 'project/drizzle-config.ts',
    message: /There is no drizzle\.config\.ts in .*name yours with --config FILE/,
    files: { 'db/drizzle.config.ts': "export default { dialect: 'postgresql', out: '../drizzle' }", ...one },
    follow: { options: { config: 'db/drizzle.config.ts' } },
  },
  {
    source: 'project/drizzle-config.ts',
    message: /There is no file .*wrong\.ts, which --config .* names: name the one that is there/,
    files: whole,
    options: { config: 'wrong.ts' },
    follow: { options: { config: 'drizzle.config.ts' } },
  },
  {
    source: 'project/drizzle-config.ts',
    message: /cannot be read: .*name what it says yourself: --migrations DIR/,
    files: { ...one, 'drizzle.config.ts': "throw new Error('no database here')" },
    follow: { options: { migrations: 'drizzle' } },
  },
  {
    source: 'project/drizzle-config.ts',
    message:
      /It reads SHOP_DATABASE, which is not set: any value will do.*\(SHOP_DATABASE=x npx edge-health compile\)/,
    files: {
      ...one,
      'drizzle.config.ts': `if (!process.env.SHOP_DATABASE) throw new Error('SHOP_DATABASE is missing')\n${config}`,
    },
    follow: { environment: { SHOP_DATABASE: 'x' } },
  },
  {
    source: 'project/drizzle-config.ts',
    message: /is of dialect "sqlite".*Name the config of your Postgres with --config/,
    files: {
      ...whole,
      'drizzle.config.ts': config.replace('postgresql', 'sqlite'),
      'postgres.config.ts': config,
    },
    follow: { options: { config: 'postgres.config.ts' } },
  },
  {
    source: 'project/drizzle-config.ts',
    message: /drizzle\.config\.ts: out: .*Correct it/,
    files: { ...one, 'drizzle.config.ts': "export default { dialect: 'postgresql', out: 7 }" },
    follow: { files: { 'drizzle.config.ts': config } },
  },
  option(
    sources,
    /--models src\/\*\.ts: there is no such file in .*name files, directories or patterns/,
    { models: ['src/*.ts'] },
    { models: ['drizzle.config.ts'] },
  ),
  option(
    sources,
    /--ledger applied: expected schema\.table/,
    { ledger: 'applied' },
    { ledger: 'public.applied' },
  ),
  option(
    sources,
    /--casing snake: expected snake_case or camelCase/,
    { casing: 'snake' },
    { casing: 'snake_case' },
  ),
  option(
    sources,
    /"indices" is not a kind: expected one of .*\bindex\b/,
    { ignore: ['indices:public.*_idx'] },
    { ignore: ['index:public.*_idx'] },
  ),
  option(
    sources,
    /would ignore everything; name what it is, as in public\.spatial_ref_sys/,
    { ignore: ['*'] },
    { ignore: ['public.spatial_ref_sys'] },
  ),
  option(sources, /--skip \(: expected a regular expression/, { skip: '(' }, { skip: 'create policy' }),
  option(
    sources,
    /--compare comments: expected one of .*comment/,
    { compare: ['comments'] },
    { compare: ['comment'] },
  ),
  option(sources, /--preset supabase: expected neon/, { preset: 'supabase' }, { preset: 'neon' }),
  {
    ...option(
      sources,
      /--prelude-expected: name the file with --prelude FILE/,
      { preludeExpected: true },
      { preludeExpected: true, prelude: 'before.sql' },
    ),
    files: { ...whole, 'before.sql': 'create table customers (id integer)' },
  },
  {
    ...option(
      sources,
      /--prelude befor\.sql: there is no file .*: name the one that is there/,
      { prelude: 'befor.sql' },
      { prelude: 'before.sql' },
    ),
    files: { ...whole, 'before.sql': 'create table customers (id integer)' },
  },
  {
    source: 'models/snapshots.ts',
    message: /0000_snapshot\.json is not JSON .*: restore it from version control/,
    files: {
      ...one,
      'drizzle.config.ts':
        "export default { dialect: 'postgresql', out: './drizzle', schema: './schema.ts' }",
      'schema.ts':
        "import { integer, pgTable } from 'drizzle-orm/pg-core'\nexport const orders = pgTable('orders', { id: integer().primaryKey() })",
      'drizzle/meta/0000_snapshot.json': '<<<<<<< HEAD',
    },
    follow: { files: { 'drizzle/meta/0000_snapshot.json': '{"version":"7","tables":{}}' } },
  },
  {
    source: 'replay/run-prelude.ts',
    message:
      /before\.sql cannot be applied before the migrations: .*Correct it so that it runs in an empty database/,
    files: { ...whole, 'before.sql': 'alter table customers add note text' },
    options: { prelude: 'before.sql' },
    follow: { files: { 'before.sql': 'create table customers (note text)' } },
  },
  ...[
    ['vector', 'create table orders (id integer, place vector(3))'],
    ['postgis', 'create table orders (id integer, place geometry(point) check (st_x(place) > 0))'],
    [
      'timescaledb',
      `create table orders (id integer, at timestamptz); select create_hypertable('orders', 'at')`,
    ],
    ['pg_uuidv7', 'create table orders (id uuid default uuid_generate_v7())'],
    ['uuid-ossp', 'create table orders (id uuid default uuid_generate_v4())'],
    ['pg_trgm', 'create table orders (note text); create index on orders using gin (note gin_trgm_ops)'],
    [
      'btree_gist',
      'create table orders (id integer, during tsrange, exclude using gist (id with =, during with &&))',
    ],
  ].map(
    ([extension = '', sql = '']): Advice => ({
      source: 'replay/migration-fault.ts',
      message: new RegExp(
        `needs the extension ${extension}\\..* write .CREATE EXTENSION IF NOT EXISTS "${extension}";. into a file`,
      ),
      files: { 'drizzle.config.ts': config, ...drizzle({ '0000_first': sql }) },
      follow: {
        files: { 'before.sql': `CREATE EXTENSION IF NOT EXISTS "${extension}";` },
        options: { prelude: 'before.sql' },
      },
    }),
  ),
  {
    source: 'replay/migration-fault.ts',
    message: /schema "neon_auth" does not exist.*supply it with --preset neon, or leave/,
    files: {
      'drizzle.config.ts': config,
      ...drizzle({
        '0000_first': 'create table orders (id integer, owner uuid references neon_auth."user" (id))',
      }),
    },
    follow: { options: { preset: 'neon' } },
  },
  {
    source: 'replay/migration-fault.ts',
    message: /relation "customers" does not exist.*supply it with --prelude FILE, or leave/,
    files: {
      'drizzle.config.ts': config,
      ...drizzle({
        '0000_first': 'create table orders (id integer, customer integer references customers (id))',
      }),
    },
    follow: {
      files: { 'before.sql': 'create table customers (id integer primary key)' },
      options: { prelude: 'before.sql' },
    },
  },
  {
    source: 'replay/migration-fault.ts',
    message: /already exists.*if --prelude FILE made it, take it out of FILE/,
    files: { ...whole, 'before.sql': 'create table orders (id integer)' },
    options: { prelude: 'before.sql' },
    follow: { files: { 'before.sql': 'create table customers (id integer)' } },
  },
  {
    source: 'replay/migration-fault.ts',
    message: /cannot be applied: .*leave the statement out with --skip PATTERN/,
    files: {
      'drizzle.config.ts': config,
      ...drizzle({
        '0000_first': 'create table orders (id integer);\n--> statement-breakpoint\nselect cron_start()',
      }),
    },
    follow: { options: { skip: 'cron_start' } },
  },
]

it.each(advice.map((each) => [`${each.source}: ${each.message}`, each] as const))('%s', async (_, each) => {
  const { message, files, options = {}, follow } = each
  const workingDirectory = temporaryProject({ ...files })
  const compile = (more: CompileOptions) => compileExpectedSchema({ workingDirectory, ...more })
  await expect(compile(options)).rejects.toThrow(message)

  writeFiles(workingDirectory, { ...follow.files })
  if (follow.rename) {
    const [from, to] = follow.rename
    mkdirSync(join(workingDirectory, to, '..'), { recursive: true })
    renameSync(join(workingDirectory, from), join(workingDirectory, to))
  }
  Object.assign(process.env, follow.environment)
  try {
    const { summary } = await compile(follow.options ?? options)
    expect(summary).toMatch(/^\d+ migrations?, [1-9]\d* tables?,/)
  } finally {
    for (const name of Object.keys(follow.environment ?? {})) delete process.env[name]
  }
})

const disagreements: readonly (readonly [message: RegExp, migrations: readonly object[]])[] = [
  [/drizzle-orm 9\.9\.9 reads 0 migrations, .*Install the drizzle-orm that your drizzle-kit belongs to/, []],
  [
    /migration 1 is time 1, hash no hash, 1 parts for drizzle-orm 9\.9\.9, .*Install the drizzle-orm that your/,
    [{ hash: 'no hash', folderMillis: 1, sql: ['select 1'] }],
  ],
]

it.each(disagreements)('migrations/compare-readers.ts: %s', async (message, migrations) => {
  const workingDirectory = strangeProject({ 'package.json': '{"type":"module"}', ...whole }, migrations)
  await expect(compileExpectedSchema({ workingDirectory })).rejects.toThrow(message)
  installDrizzle(workingDirectory)
  // In a process of its own: Node remembers where it found the one before.
  const { stdout } = await runBin(['compile'], { cwd: workingDirectory })
  expect(stdout).toMatch(/expected\.json written: 1 migration, 1 table,/)
})

it('covers every place that throws such a message', () => {
  const root = fileURLToPath(new URL('../../src/compile', import.meta.url))
  const thrown = globSync('**/*.ts', { cwd: root }).flatMap((path) => {
    const count = readFileSync(join(root, path), 'utf8').split('new CompileError(').length - 1
    return count > 0 && basename(path) !== 'compile-error.ts' ? [[path, count] as const] : []
  })
  expect(thrown.length).toBeGreaterThan(5)
  for (const [path, count] of thrown) {
    const followed = advice.filter(({ source }) => source === path)
    const inAll = path === 'migrations/compare-readers.ts' ? disagreements.length : followed.length
    expect(inAll, path).toBeGreaterThanOrEqual(count)
  }
})
