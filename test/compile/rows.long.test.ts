/**
 * Migrations that need other rows than an empty database has, applied by the real migrator to a real Postgres that has them:
 * what compile expects is what is there.
 */
import { join } from 'node:path'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { compileFolder } from './compile-folder.ts'
import { below, journalFiles, temporaryFolder, writeFiles } from './folders.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

const tables = `CREATE TABLE "accounts" ("id" serial PRIMARY KEY, "email" text);
--> statement-breakpoint
CREATE TABLE "orders" ("id" serial PRIMARY KEY, "account" integer);`

interface Situation {
  /** At the end of the first file. */
  readonly seed?: string
  readonly files: readonly string[]
  /** What people do with the database between the first file and the others. */
  readonly between: string
}

const situations: Readonly<Record<string, Situation>> = {
  'a block demands rows, and an index stands behind it': {
    files: [
      `DO $$ BEGIN IF NOT EXISTS (SELECT FROM accounts) THEN RAISE EXCEPTION 'no account'; END IF; END $$;
CREATE INDEX "orders_account" ON "orders" ("account");`,
    ],
    between: `insert into accounts (email) values ('a@example.com')`,
  },
  'a block takes one row and makes a table meanwhile': {
    files: [
      `DO $$ DECLARE first integer; BEGIN
  SELECT id INTO STRICT first FROM accounts;
  INSERT INTO orders (account) VALUES (first);
  EXECUTE 'CREATE TABLE audits (id integer PRIMARY KEY, account integer REFERENCES accounts)';
END $$;`,
    ],
    between: `insert into accounts (email) values ('a@example.com')`,
  },
  'a block makes a table for each row that it writes, and demands others that only a person has': {
    files: [
      `DO $$ DECLARE r record; BEGIN
  CREATE TABLE plans (name text PRIMARY KEY);
  INSERT INTO plans VALUES ('free'), ('paid');
  INSERT INTO orders (id) VALUES ((SELECT min(id) / count(*) FROM accounts));
  IF (SELECT count(*) FROM accounts) = 0 THEN
    RAISE EXCEPTION 'no account';
  ELSE
    FOR r IN SELECT name FROM plans LOOP EXECUTE format('CREATE TABLE usage_%s (id integer)', r.name); END LOOP;
  END IF;
END $$;
ALTER TABLE usage_paid ADD COLUMN total integer;`,
    ],
    between: `insert into accounts (email) values ('a@example.com')`,
  },
  'a column is required of rows that a migration wrote and a person completed': {
    seed: 'INSERT INTO "accounts" ("email") VALUES (NULL);',
    files: [
      `UPDATE "accounts" SET "email" = (SELECT max("account")::text FROM "orders") WHERE "email" IS NULL;
--> statement-breakpoint
ALTER TABLE "accounts" ALTER COLUMN "email" SET NOT NULL;
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_email_key" UNIQUE ("email");
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_email_check" CHECK ("email" <> '');`,
    ],
    between: 'insert into orders (account) values (7)',
  },
  'a view is made of rows': {
    files: [
      `CREATE MATERIALIZED VIEW "shares" AS SELECT account, 1.0 / (SELECT count(*) FROM orders) AS share FROM orders;
CREATE UNIQUE INDEX "shares_account" ON "shares" ("account");
SELECT setval('orders_id_seq', (SELECT count(*) FROM orders));`,
    ],
    between: 'insert into orders (account) values (7)',
  },
}

let databases = 0

it.each(Object.entries(situations))('%s', async (_, { seed = '', files, between }) => {
  const first = { '0000_start': `${tables}\n${seed}` }
  const all = { ...first, ...Object.fromEntries(files.map((sql, index) => [`000${index + 1}_next`, sql])) }
  const directory = temporaryFolder(below('drizzle', journalFiles(first)))
  const database = `rows_${databases++}`
  await live.server.createDatabase(database)
  await migrateWithDrizzle(database, join(directory, 'drizzle'))
  await live.sql(database, between)
  writeFiles(directory, below('drizzle', journalFiles(all)))
  await migrateWithDrizzle(database, join(directory, 'drizzle'))

  const { expected, warnings } = await compileFolder(directory)
  expect(warnings.join('\n')).toMatch(/^0001_next: /m)
  const outcome = await live.ask(database, expected)
  expect(outcome).toMatchObject({ status: 'pass', code: 'ok' })
  await live.sql(database, 'alter table orders drop column account cascade')
  expect(await live.ask(database, expected)).toMatchObject({ status: 'fail', code: 'drift' })
})

it('a function that makes something and demands rows stops compile, whose advice has an end', async () => {
  const make = `CREATE FUNCTION make_audits() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF NOT EXISTS (SELECT FROM accounts) THEN RAISE EXCEPTION 'no account'; END IF;
  CREATE TABLE audits (id integer PRIMARY KEY);
END $$;
SELECT make_audits();
CREATE INDEX "orders_account" ON "orders" ("account");`
  const first = { '0000_start': tables }
  const directory = temporaryFolder(below('drizzle', journalFiles(first)))
  const database = `rows_${databases++}`
  await live.server.createDatabase(database)
  await migrateWithDrizzle(database, join(directory, 'drizzle'))
  await live.sql(database, `insert into accounts (email) values ('a@example.com')`)
  writeFiles(directory, below('drizzle', journalFiles({ ...first, '0001_next': make })))
  await migrateWithDrizzle(database, join(directory, 'drizzle'))

  await expect(compileFolder(directory)).rejects.toThrow(
    /no account\. .*leave the statement out with --skip PATTERN; .*accept with --ignore PATTERNS what the check then finds/,
  )
  const skipping = { migrations: 'drizzle', skip: 'select make_audits' }
  const { expected, warnings } = await compileFolder(directory, skipping)
  expect(warnings).toContainEqual(
    expect.stringMatching(/--skip left out 1 of 3 statements of 0001_next: .*--ignore PATTERNS accepts it/),
  )
  const { details } = await live.ask(database, expected)
  const findings = details?.['findings'] as readonly { object: string }[]
  expect(findings).toMatchObject([{ object: 'public.audits', difference: 'extra' }])
  const ignore = findings.map(({ object }) => object)
  const { expected: accepting } = await compileFolder(directory, { ...skipping, ignore })
  expect(await live.ask(database, accepting)).toMatchObject({ status: 'pass', code: 'ok' })
})

it('a table that an INSERT makes by a function may be altered afterwards', async () => {
  const make = `CREATE FUNCTION make_table(name text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('CREATE TABLE %I (id integer)', name); RETURN name; END $$;
--> statement-breakpoint
INSERT INTO accounts (id, email) SELECT max(id), make_table('audits') FROM orders;
--> statement-breakpoint
INSERT INTO accounts (email) SELECT make_table('tenant_' || account) FROM orders;
--> statement-breakpoint
ALTER TABLE audits ADD COLUMN total integer;
--> statement-breakpoint
ALTER TABLE "tenant_7" ADD COLUMN total integer;
--> statement-breakpoint
CREATE INDEX "tenant_7_total" ON "tenant_7" USING btree ("total");`
  const first = { '0000_start': tables }
  const directory = temporaryFolder(below('drizzle', journalFiles(first)))
  const database = `rows_${databases++}`
  await live.server.createDatabase(database)
  await migrateWithDrizzle(database, join(directory, 'drizzle'))
  await live.sql(database, 'insert into orders (id, account) values (90, 7)')
  writeFiles(directory, below('drizzle', journalFiles({ ...first, '0001_next': make })))
  await migrateWithDrizzle(database, join(directory, 'drizzle'))
  const { expected, warnings } = await compileFolder(directory)
  expect(warnings).toContainEqual(
    expect.stringMatching(/^0001_next: tenant_7 is not there, because .* left out: ALTER TABLE "tenant_7"/),
  )
  const outcome = await live.ask(database, expected)
  expect(outcome).toMatchObject({ status: 'warn', code: 'extra' })
  expect(outcome.details?.['findings']).toEqual([
    expect.objectContaining({
      ...{ object: 'public.tenant_7', difference: 'extra' },
      no_fix: expect.stringContaining('makes tables of any name, for rows'),
    }),
  ])
  const { expected: accepting } = await compileFolder(directory, {
    migrations: 'drizzle',
    ignore: ['public.tenant_*'],
  })
  expect(await live.ask(database, accepting)).toMatchObject({ status: 'pass', code: 'ok' })
  await live.sql(database, 'alter table audits drop column total')
  expect(await live.ask(database, accepting)).toMatchObject({ status: 'fail', code: 'drift' })
})

it('tables that the migrations make for each row are information, and say why', async () => {
  const make = `CREATE FUNCTION make_usage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE format('CREATE TABLE usage_%s (id integer PRIMARY KEY)', NEW.id); RETURN NEW; END $$;
--> statement-breakpoint
CREATE TRIGGER "accounts_usage" AFTER INSERT ON "accounts" FOR EACH ROW EXECUTE FUNCTION make_usage();
--> statement-breakpoint
DO $$ DECLARE r record; BEGIN
  FOR r IN SELECT id FROM accounts LOOP EXECUTE 'CREATE TABLE bills_' || r.id || ' (id integer)'; END LOOP;
END $$;`
  const first = { '0000_start': tables }
  const directory = temporaryFolder(below('drizzle', journalFiles(first)))
  const database = `rows_${databases++}`
  await live.server.createDatabase(database)
  await migrateWithDrizzle(database, join(directory, 'drizzle'))
  await live.sql(database, `insert into accounts (email) values ('a@example.com')`)
  writeFiles(directory, below('drizzle', journalFiles({ ...first, '0001_next': make })))
  await migrateWithDrizzle(database, join(directory, 'drizzle'))
  await live.sql(database, `insert into accounts (email) values ('b@example.com')`)
  const { expected } = await compileFolder(directory)
  expect(expected.madeForRows).toEqual(['bills_*', 'usage_*'])
  const no_fix =
    'a block or function of the migrations makes tables named so, for rows or at times that the compile does not have'
  const tablesOfRows = ['public.bills_1', 'public.usage_2'].map((object) =>
    expect.objectContaining({ object, difference: 'extra', severity: 'info', no_fix }),
  )
  const outcome = await live.ask(database, expected)
  expect(outcome).toMatchObject({ status: 'pass', code: 'ok' })
  expect(outcome.details?.['findings']).toEqual(tablesOfRows)
  await live.sql(database, 'create table by_hand (id integer)')
  expect(await live.ask(database, expected)).toMatchObject({ status: 'warn', code: 'extra' })
})

/** The project's own migrator. */
async function migrateWithDrizzle(database: string, migrationsFolder: string) {
  const client = new pg.Client({ connectionString: live.server.url(database) })
  await client.connect()
  try {
    await migrate(drizzle(client), { migrationsFolder })
  } finally {
    await client.end()
  }
}
