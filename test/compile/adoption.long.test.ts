import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { hashOf } from '../../src/compile/migrations/migration.ts'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { compileFolder } from './compile-folder.ts'
import { below, journalFiles, temporaryFolder, temporaryProject } from './folders.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

let databases = 0
async function createDatabase(sql = ''): Promise<string> {
  const name = `adoption_${databases++}`
  await live.server.createDatabase(name)
  if (sql !== '') await live.sql(name, sql)
  return name
}

/** The project's own migrator. */
async function migrateWithDrizzle(database: string, migrationsFolder: string, migrationsSchema = 'drizzle') {
  const client = new pg.Client({ connectionString: live.server.url(database) })
  await client.connect()
  try {
    await migrate(drizzle(client), { migrationsFolder, migrationsSchema })
  } finally {
    await client.end()
  }
}

const compile = compileFolder

const modelsWarning = expect.stringContaining('The models are not compared')
const green = { status: 'pass', code: 'ok' }

describe('the migrations table in the schema of the application', { timeout: 120_000 }, () => {
  it('leaves the schema compared, without the table itself', async () => {
    const project = temporaryProject({
      'drizzle.config.json': JSON.stringify({ dialect: 'postgresql', migrations: { schema: 'shop' } }),
      ...below(
        'drizzle',
        journalFiles({
          '0000_a':
            'create schema if not exists shop;--> statement-breakpoint\ncreate table shop.orders (id int, total int)',
        }),
      ),
    })
    const { expected, warnings } = await compile(project, {})
    expect(warnings).toEqual([modelsWarning])
    expect(expected.schemas).toEqual(['public', 'shop'])
    expect(expected.parts.map(({ part }) => part)).toEqual(['', 'shop.orders'])
    const database = await createDatabase()
    await migrateWithDrizzle(database, join(project, 'drizzle'), 'shop')
    expect(await live.ask(database, expected)).toMatchObject(green)
    // What Drizzle 1.0 adds to the table is its own.
    await live.sql(
      database,
      'alter table shop.__drizzle_migrations add name text, add applied_at timestamptz default now()',
    )
    await live.sql(database, `update shop.__drizzle_migrations set applied_at = null`)
    expect(await live.ask(database, expected)).toMatchObject(green)
    await live.sql(database, 'alter table shop.orders drop column total')
    expect(await live.ask(database, expected)).toMatchObject({ status: 'fail', code: 'drift' })
  })
})

describe('a project that came to Drizzle with a database', { timeout: 120_000 }, () => {
  const header = `-- Current sql file was generated after introspecting the database
-- If you want to run this migration please uncomment this code before executing migrations
`
  const chunks = [
    `CREATE TABLE "customers" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"email" text NOT NULL\n);\n`,
    `CREATE TABLE "invoices" (\n\t"id" serial PRIMARY KEY NOT NULL\n);\n`,
  ]
  const sql = chunks.join('--> statement-breakpoint\n')
  const pulled = `${header}/*\n${sql}*/`
  const later = 'ALTER TABLE "customers" ADD COLUMN "phone" text;'
  const project = (first: string, more: Record<string, string> = { '0001_phone': later }) =>
    temporaryFolder(below('drizzle', journalFiles({ '0000_base': first, ...more })))
  const before =
    'create role shop_owner; create table customers (id serial primary key, email text not null); create table invoices (id serial primary key); alter table customers owner to shop_owner;'

  /** What pg_dump 17.6 writes: one restrict line, no search_path, an owner that no migration creates. */
  const dump = `--\n-- PostgreSQL database dump\n--\n\n\\restrict 8nq000\n
SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;
CREATE TABLE public.customers (id integer NOT NULL, email text NOT NULL);
ALTER TABLE public.customers OWNER TO shop_owner;
CREATE SEQUENCE public.customers_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.customers_id_seq OWNER TO shop_owner;
ALTER SEQUENCE public.customers_id_seq OWNED BY public.customers.id;
ALTER TABLE ONLY public.customers ALTER COLUMN id SET DEFAULT nextval('public.customers_id_seq'::regclass);
ALTER TABLE ONLY public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
CREATE TABLE public.invoices (id integer NOT NULL);
CREATE SEQUENCE public.invoices_id_seq AS integer START WITH 1 INCREMENT BY 1 NO MINVALUE NO MAXVALUE CACHE 1;
ALTER SEQUENCE public.invoices_id_seq OWNED BY public.invoices.id;
ALTER TABLE ONLY public.invoices ALTER COLUMN id SET DEFAULT nextval('public.invoices_id_seq'::regclass);
ALTER TABLE ONLY public.invoices ADD CONSTRAINT invoices_pkey PRIMARY KEY (id);
\n\\unrestrict 8nq000\n`

  it.each([
    [
      'as it was written',
      pulled,
      /0000_base is the file that `drizzle-kit pull` wrote, .*Take the comment marks \(\/\* and \*\/\) out of it, or supply the schema with --prelude FILE --prelude-expected/,
    ],
    [
      'when it was emptied',
      header,
      /0000_base is the file that `drizzle-kit pull` wrote, .*: Supply the schema with --prelude FILE --prelude-expected/,
    ],
  ])('has a first file of drizzle-kit pull, which is recognised %s', async (_, first, sentence) => {
    await expect(compile(project(first))).rejects.toThrow(sentence)
    const { warnings } = await compile(project(first, {}))
    expect(warnings).toEqual([
      expect.stringMatching(sentence),
      expect.stringMatching(/^The migrations make no table in the schemas that are compared/),
      modelsWarning,
    ])
  })

  it('goes on without the comment marks', async () => {
    const directory = project(pulled)
    writeFileSync(join(directory, 'drizzle/0000_base.sql'), pulled.replaceAll(/^\/\*$|\*\/$/gm, ''))
    const { expected, warnings } = await compile(directory)
    expect(warnings).toEqual([modelsWarning])
    const database = await createDatabase()
    await migrateWithDrizzle(database, join(directory, 'drizzle'))
    expect(await live.ask(database, expected)).toMatchObject(green)
  })

  it('goes on with a dump of its schema', async () => {
    const directory = project(pulled)
    writeFileSync(join(directory, 'baseline.sql'), dump)
    const options = { migrations: 'drizzle', prelude: 'baseline.sql', preludeExpected: true }
    const { expected, warnings } = await compile(directory, options)
    expect(warnings).toEqual([modelsWarning])
    const database = await createDatabase(`${before} ${later}
      create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values
        ('${hashOf(pulled)}', 1700000000000), ('${hashOf(later)}', 1700000060000)`)
    expect(await live.ask(database, expected)).toMatchObject(green)
    await live.sql(database, 'alter table invoices drop column id')
    expect(await live.ask(database, expected)).toMatchObject({ status: 'fail', code: 'drift' })

    // Without --prelude-expected only what the migrations made is theirs.
    const { expected: less } = await compile(directory, { ...options, preludeExpected: false })
    expect(await live.ask(database, less)).toMatchObject(green)
    await live.sql(database, 'alter table customers drop column phone')
    expect(await live.ask(database, less)).toMatchObject({ status: 'fail', code: 'drift' })
  })
})

describe('a prelude', { timeout: 120_000 }, () => {
  it('stands in for what a platform provides, and is not expected of the database', async () => {
    const directory = temporaryFolder({
      'prelude.sql': `create function similarity(a text, b text) returns real language sql immutable as 'select 0::real';
        create table profiles (id int)`,
      ...below(
        'drizzle',
        journalFiles({
          '0000_a': `create table a (name text); create index a_name on a (similarity(name, 'x')); alter table profiles add note text`,
        }),
      ),
    })
    const { expected } = await compile(directory, { migrations: 'drizzle', prelude: 'prelude.sql' })
    const database = await createDatabase(`
      create function similarity(a text, b text) returns real language sql immutable as 'select 0.5::real';
      create table profiles (id int)`)
    await migrateWithDrizzle(database, join(directory, 'drizzle'))
    expect(await live.ask(database, expected)).toMatchObject(green)
    await live.sql(database, 'drop index a_name; alter table profiles drop note')
    expect(await live.ask(database, expected)).toMatchObject({
      status: 'fail',
      code: 'drift',
      output: '2 differences from the migrations',
    })
  })

  it('makes a schema, in which what the migrations made is compared', async () => {
    const directory = temporaryFolder({
      'prelude.sql': 'create schema shop; create table shop.legacy (id int); create schema platform;',
      ...below(
        'drizzle',
        journalFiles({
          '0000_a':
            'create table users (id int); create schema if not exists shop; create table shop.orders (id int, total int)',
        }),
      ),
    })
    const { expected } = await compile(directory, { migrations: 'drizzle', prelude: 'prelude.sql' })
    expect(expected.schemas).toEqual(['public', 'shop'])
    const database = await createDatabase('create schema shop; create table shop.legacy (id int, name text)')
    await migrateWithDrizzle(database, join(directory, 'drizzle'))
    expect(await live.ask(database, expected)).toMatchObject(green)
    await live.sql(database, 'alter table shop.orders drop column total')
    expect(await live.ask(database, expected)).toMatchObject({ status: 'fail', code: 'drift' })
  })

  it('sets the schema of one tenant, whose tables are then compared', async () => {
    const directory = temporaryFolder({
      'prelude.sql': 'create schema tenant_a; set search_path = tenant_a;',
      ...below(
        'drizzle',
        journalFiles({ '0000_a': 'create table orders (id serial primary key, total int)' }),
      ),
    })
    const options = { migrations: 'drizzle', schemas: ['tenant_a'], ledger: 'drizzle.tenant_a' }
    await expect(compile(directory, options)).rejects.toThrow(
      'make it before the migrations with --prelude FILE (`create schema tenant_a; set search_path = tenant_a;`',
    )
    const { expected } = await compile(directory, { ...options, prelude: 'prelude.sql' })
    const database =
      await createDatabase(`create schema tenant_a; create schema drizzle; set search_path = tenant_a;
      create table orders (id serial primary key, total int);
      create table drizzle.tenant_a (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.tenant_a (hash, created_at) values ('${expected.migrations[0]?.hash}', 1700000000000)`)
    expect(await live.ask(database, expected)).toMatchObject(green)
    await live.sql(database, 'alter table tenant_a.orders drop column total')
    expect(await live.ask(database, expected)).toMatchObject({ status: 'fail', code: 'drift' })
  })
})

describe('files that the journal does not name', { timeout: 120_000 }, () => {
  it('are named in the details, and explain models that are ahead', async () => {
    const project = temporaryProject({
      'drizzle.config.json': JSON.stringify({ dialect: 'postgresql', schema: 'schema.ts' }),
      'schema.ts': `import { pgTable, integer, text } from 'drizzle-orm/pg-core'
        export const members = pgTable('members', { id: integer('id'), phone: text('phone') })`,
      ...below('drizzle', journalFiles({ '0000_start': 'create table members (id integer)' })),
      'drizzle/0001_phone.sql': 'alter table members add column phone text',
      'drizzle/meta/0000_snapshot.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        tables: {
          'public.members': { name: 'members', schema: '', columns: { id: { name: 'id', type: 'integer' } } },
        },
      }),
    })
    const { expected, warnings } = await compile(project, {})
    expect(warnings).toEqual([
      expect.stringMatching(
        /^0001_phone\.sql is in .*Drizzle never runs it\. Add an entry for it to the journal/,
      ),
      'The models are ahead of the migrations (see first whether 0001_phone.sql makes it): public.members.phone.',
    ])
    const database = await createDatabase()
    await migrateWithDrizzle(database, join(project, 'drizzle'))
    const answer = await live.ask(database, expected)
    expect(answer).toMatchObject({
      status: 'fail',
      code: 'models_ahead',
      details: { unlisted_files: ['0001_phone.sql'], next: expect.stringContaining('meta/_journal.json') },
    })
    expect(JSON.stringify(answer)).not.toContain('generate')
    expect(await live.ask(database, { ...expected, models: { state: 'in_line' } })).toMatchObject({
      ...green,
      details: { unlisted_files: ['0001_phone.sql'] },
    })
  })
})

describe('a migration of data that needs rows of the live database', { timeout: 120_000 }, () => {
  const files = journalFiles({
    '0000_a': `CREATE TABLE "metrics" ("id" text PRIMARY KEY NOT NULL);
--> statement-breakpoint
CREATE TABLE "ranges" ("metric" text NOT NULL REFERENCES "metrics"("id"), "sex" text);
--> statement-breakpoint
CREATE UNIQUE INDEX "ranges_uniq" ON "ranges" ("metric", coalesce("sex", ''));
INSERT INTO "ranges" VALUES ('glucose', NULL);`,
  })

  it.each([
    ['by itself', undefined, /0000_a writes rows that point to rows which no migration makes/],
    ['with --skip', 'INSERT INTO "ranges"', /--skip left out 1 of 4 statements of 0000_a/],
  ])('is replayed %s, with the index of the same chunk', async (_, skip, warning) => {
    const directory = temporaryFolder(below('drizzle', files))
    const { expected, warnings } = await compile(directory, { migrations: 'drizzle', skip })
    expect(warnings).toEqual([expect.stringMatching(warning), modelsWarning])
    const database = await createDatabase()
    await live.sql(database, `alter database ${database} set session_replication_role = replica`)
    await migrateWithDrizzle(database, join(directory, 'drizzle'))
    expect(await live.ask(database, expected)).toMatchObject(green)
  })
})

describe('an extension that the embedded Postgres lacks', { timeout: 120_000 }, () => {
  const project = () =>
    temporaryFolder(
      below(
        'drizzle',
        journalFiles({
          '0000_extension': 'CREATE EXTENSION IF NOT EXISTS postgis;',
          '0001_start': `CREATE TABLE "places" ("id" integer PRIMARY KEY NOT NULL, "at" geometry(point, 4326) NOT NULL);
--> statement-breakpoint
CREATE INDEX "places_at_idx" ON "places" USING gist ("at");`,
          '0002_name': 'ALTER TABLE "places" ADD COLUMN "name" text;',
        }),
      ),
    )
  /** No server here has PostGIS: bytes take the place of its type, which no database has in the replay either. */
  const makeLive = async (expected: ExpectedSchema) => {
    const database =
      await createDatabase(`create table places (id integer primary key, at bytea not null, name text);
      create index places_at_idx on places (at);
      create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)`)
    for (const { hash, when } of expected.migrations)
      await live.sql(
        database,
        `insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash}', ${when})`,
      )
    return database
  }

  it('leaves what needs it uncompared by name, and the rest is compared', async () => {
    const { expected, warnings } = await compile(project())
    expect(warnings).toContainEqual(
      expect.stringContaining(
        `--ignore 'extension:postgis,column:public.places.at,index:public.places_at_idx'`,
      ),
    )
    const database = await makeLive(expected)
    const outcome = await live.ask(database, expected)
    expect(outcome).toMatchObject({
      status: 'warn',
      code: 'not_compared',
      details: {
        not_comparable: ['extension postgis', 'column public.places.at', 'index public.places_at_idx'],
      },
    })
    expect(outcome.details).not.toHaveProperty('findings')
    await live.sql(database, 'alter table places drop column at')
    expect(await live.ask(database, expected)).toMatchObject({
      code: 'drift',
      details: { findings: [{ object: 'public.places.at', difference: 'missing' }] },
    })
    await live.sql(database, 'alter table places add column at bytea not null, drop column name')
    expect(await live.ask(database, expected)).toMatchObject({
      code: 'drift',
      details: { findings: [{ object: 'public.places.name' }] },
    })
  })

  it('leaves a view that needs it uncompared, and compares the text of a function', async () => {
    const near = `create function near(lat float) returns setof int language sql stable as $$ select id from places where st_dwithin(at, st_point(lat, 0), 10) $$`
    const directory = temporaryFolder({
      'before.sql': 'CREATE EXTENSION postgis;',
      ...below(
        'drizzle',
        journalFiles({
          '0000_start': `CREATE TABLE "places" ("id" integer PRIMARY KEY NOT NULL, "at" geometry(point, 4326) NOT NULL);
--> statement-breakpoint
${near};
--> statement-breakpoint
CREATE MATERIALIZED VIEW "spots" AS SELECT id, st_x(at) AS x FROM places;
CREATE UNIQUE INDEX "spots_id" ON "spots" ("id");`,
        }),
      ),
    })
    const { expected } = await compile(directory, { migrations: 'drizzle', prelude: 'before.sql' })
    const database = await createDatabase(`set check_function_bodies = off;
      create table places (id integer primary key, at bytea not null); ${near};
      create materialized view spots as select id, 1::float as x from places; create unique index spots_id on spots (id);
      create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('${expected.migrations[0]?.hash}', 1700000000000)`)
    const outcome = await live.ask(database, expected)
    expect(outcome).toMatchObject({
      status: 'warn',
      code: 'not_compared',
      details: {
        not_comparable: [
          'extension postgis',
          'column public.places.at',
          'materialized view public.spots',
          'index public.spots_id',
        ],
      },
    })
    expect(outcome.details).not.toHaveProperty('findings')
    await live.sql(
      database,
      `set check_function_bodies = off; ${near.replace('create', 'create or replace').replace('10)', '20)')}`,
    )
    expect(await live.ask(database, expected)).toMatchObject({
      status: 'fail',
      code: 'drift',
      details: { findings: [{ object: 'public.near(double precision)', difference: 'changed' }] },
    })
  })

  it('offers no statement with a type that only stands for the real one', async () => {
    const { expected } = await compile(
      temporaryFolder(
        below(
          'drizzle',
          journalFiles({
            '0000_start':
              'CREATE EXTENSION IF NOT EXISTS postgis; CREATE TABLE "places" ("id" integer PRIMARY KEY NOT NULL, "at" geometry(point, 4326), "name" text)',
          }),
        ),
      ),
    )
    const database =
      await createDatabase(`create table places (id integer primary key); create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('${expected.migrations[0]?.hash}', 1700000000000)`)
    const { details } = await live.ask(database, expected)
    expect(details?.['findings']).toEqual([
      {
        ...{ object: 'public.places.at', kind: 'column', difference: 'missing', severity: 'fail' },
        expected: 'public.geometry',
        no_fix: 'it needs public.geometry, which was not known at the compile',
      },
      expect.objectContaining({
        object: 'public.places.name',
        fix: 'ALTER TABLE public.places ADD COLUMN name text',
      }),
    ])
  })

  it('is not passed over in silence where --skip leaves it out', async () => {
    const directory = temporaryFolder(
      below(
        'drizzle',
        journalFiles({
          '0000_start': `CREATE EXTENSION IF NOT EXISTS pgcrypto;
--> statement-breakpoint
CREATE TABLE "keys" ("id" integer PRIMARY KEY NOT NULL, "secret" bytea DEFAULT gen_random_bytes(9));`,
        }),
      ),
    )
    const options = { migrations: 'drizzle', skip: 'CREATE EXTENSION' }
    const { expected, warnings } = await compile(directory, options)
    const patterns = 'extension:pgcrypto,column:public.keys.secret'
    expect(warnings).toContainEqual(expect.stringContaining(`--ignore '${patterns}'`))
    const [there, without] = [await createDatabase(), await createDatabase()]
    await migrateWithDrizzle(there, join(directory, 'drizzle'))
    await live.sql(
      without,
      `create table keys (id integer primary key, secret bytea default 'x'); create schema drizzle;
      create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('${expected.migrations[0]?.hash}', 1700000000000)`,
    )
    for (const database of [there, without])
      expect(await live.ask(database, expected)).toMatchObject({
        status: 'warn',
        code: 'not_compared',
        details: { not_comparable: ['extension pgcrypto', 'column public.keys.secret'] },
      })
    const accepted = await compile(directory, { ...options, ignore: patterns.split(',') })
    for (const database of [there, without])
      expect(await live.ask(database, accepted.expected)).toMatchObject(green)
  })

  it('leaves what is computed by it uncompared, and offers no statement with what stands for it', async () => {
    const { expected, warnings } = await compile(
      temporaryFolder(
        below(
          'drizzle',
          journalFiles({
            '0000_start': `CREATE EXTENSION IF NOT EXISTS postgis;
--> statement-breakpoint
CREATE TABLE "places" ("id" integer PRIMARY KEY NOT NULL, "wkt" text, "x" double precision GENERATED ALWAYS AS (st_x("wkt"::geometry)) STORED, CHECK (st_y("wkt"::geometry) > 0), "name" text);
--> statement-breakpoint
CREATE INDEX "places_x" ON "places" ("x");
--> statement-breakpoint
SELECT populate_geometry_columns();
--> statement-breakpoint
ALTER TABLE "places" ADD COLUMN "made" text DEFAULT postgis_version();`,
          }),
        ),
      ),
    )
    expect(warnings).toContainEqual(
      expect.stringContaining(
        `--ignore 'extension:postgis,column:public.places.made,column:public.places.x,constraint:public.places.places_wkt_check,routine:populate_geometry_columns'`,
      ),
    )
    const database = await createDatabase(`create table places (id integer primary key, wkt text,
      x double precision generated always as (length(wkt)) stored, check (length(wkt) > 0), name text, made text default version());
      create index places_x on places (x);
      create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('${expected.migrations[0]?.hash}', 1700000000000)`)
    const outcome = await live.ask(database, expected)
    expect(outcome).toMatchObject({ status: 'warn', code: 'not_compared' })
    expect(outcome.details).not.toHaveProperty('findings')
    await live.sql(database, 'alter table places drop x, drop constraint places_wkt_check, drop name')
    const { code, details } = await live.ask(database, expected)
    expect(code).toBe('drift')
    const findings = details?.['findings'] as readonly Record<string, unknown>[]
    const no_fix = 'a part of it was not known at the compile, which lacks an extension'
    expect(findings).toEqual([
      expect.objectContaining({ object: 'public.places.x', difference: 'missing', no_fix }),
      expect.objectContaining({
        object: 'public.places.name',
        fix: 'ALTER TABLE public.places ADD COLUMN name text',
      }),
      expect.objectContaining({ object: 'public.places.places_wkt_check', difference: 'missing', no_fix }),
      expect.objectContaining({
        object: 'public.places_x',
        no_fix: 'it needs public.places.x, which is missing',
      }),
    ])
  })

  it('is accepted by the option that the warning names', async () => {
    const directory = project()
    const { warnings } = await compile(directory)
    const ignore = /--ignore '([^']+)'/.exec(warnings.join())?.[1]?.split(',') ?? []
    const accepted = await compile(directory, { migrations: 'drizzle', ignore })
    expect(accepted.warnings).toEqual([modelsWarning])
    const database = await makeLive(accepted.expected)
    expect(await live.ask(database, accepted.expected)).toMatchObject(green)
  })
})
