/**
 * Extensions that the embedded Postgres lacks (xml2), or whose CREATE EXTENSION is left out (citext), on a real Postgres that has
 * them: what is not known is named, what is known is compared, and no fix is offered that is not certain.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { compileFolder } from './compile-folder.ts'
import { below, journalFiles, temporaryProject } from './folders.ts'
import { migrateProject } from './migrate-project.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

type Drift = readonly [sql: string, object: string, difference: string, fix: string | undefined]

const unknownPart = 'a part of it was not known at the compile, which lacks an extension'

async function expectDrifts(database: string, expected: ExpectedSchema, drifts: readonly Drift[]) {
  for (const [sql, object, difference, fix] of drifts) {
    await live.copy(database, 'changed')
    await live.sql('changed', sql)
    const { details } = await live.ask('changed', expected)
    const findings = details?.['findings'] as readonly Record<string, unknown>[]
    const found = findings.find((finding) => finding['object'] === object)
    expect(found, sql).toMatchObject({ difference })
    expect(found?.['fix'] ?? found?.['no_fix'], sql).toBe(fix)
    await live.drop('changed')
  }
}

it('expressions that need xml2', async () => {
  const start = `CREATE EXTENSION IF NOT EXISTS xml2;
--> statement-breakpoint
CREATE TABLE "events" ("date" date, "end" integer);
--> statement-breakpoint
CREATE TABLE "docs" (
  "id" integer PRIMARY KEY,
  "doc" text NOT NULL,
  "date" date,
  "domain" text DEFAULT xpath_string('<a>b</a>', '/a') NOT NULL,
  "title" varchar(20) GENERATED ALWAYS AS (xpath_string("doc", '/a/t')) STORED,
  "note" text CONSTRAINT "noted" CHECK ("note" <> 'xpath_string(x)'),
  CONSTRAINT "ok" CHECK (xpath_string("doc", '/a') <> ''),
  CHECK (xpath_string("docs"."doc", '/d')::date > date '2000-01-01')
);
--> statement-breakpoint
CREATE INDEX "docs_b" ON "docs" (xpath_string("doc", '/b'));
--> statement-breakpoint
ALTER TABLE "docs" ALTER COLUMN "note" SET DEFAULT xpath_string('<a>b</a>', '/a'), ADD COLUMN "more" integer;`
  const project = temporaryProject(below('drizzle', journalFiles({ '0000_start': start })))
  await live.server.createDatabase('xml')
  await migrateProject(project, live.server.url('xml'))
  const { expected } = await compileFolder(project)
  expect(await live.ask('xml', expected)).toMatchObject({ status: 'warn', code: 'not_compared' })
  const maybe = (name: string) =>
    `it may be ${name} under another name, whose definition was not known at the compile`
  await expectDrifts('xml', expected, [
    ['alter table docs alter "domain" drop not null', 'public.docs.domain', 'changed', unknownPart],
    ['alter table docs alter "domain" drop default', 'public.docs.domain', 'changed', unknownPart],
    ['alter table docs alter title set not null', 'public.docs.title', 'changed', undefined],
    ['alter table docs alter title type text', 'public.docs.title', 'changed', undefined],
    ['alter table docs alter note type varchar(9)', 'public.docs.note', 'changed', undefined],
    [
      'alter table docs drop more',
      'public.docs.more',
      'missing',
      'ALTER TABLE public.docs ADD COLUMN more integer',
    ],
    ['alter table docs drop constraint docs_doc_check', 'public.docs.docs_doc_check', 'missing', unknownPart],
    ['alter table docs rename constraint ok to "Ok"', 'public.docs."Ok"', 'extra', maybe('public.docs.ok')],
    ['alter index docs_b rename to docs_c', 'public.docs_c', 'extra', maybe('public.docs_b')],
    ['create index more on docs (id)', 'public.more', 'extra', 'DROP INDEX public.more'],
    [
      `alter table docs drop constraint noted, add constraint noted check (note <> '')`,
      'public.docs.noted',
      'changed',
      `ALTER TABLE public.docs DROP CONSTRAINT noted, ADD CONSTRAINT noted CHECK ((note <> 'xpath_string(x)'::text))`,
    ],
  ])
})

it('what reads columns of citext, also where it is accepted', async () => {
  const start = `CREATE EXTENSION citext;
--> statement-breakpoint
CREATE TABLE "people" ("id" integer, "mail" citext NOT NULL DEFAULT 'x', CONSTRAINT "filled" CHECK ("mail" <> ''));
--> statement-breakpoint
ALTER TABLE "people" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY "own" ON "people" USING ("mail" = 'x');
--> statement-breakpoint
CREATE INDEX "some" ON "people" ("id") WHERE "mail" <> '';
--> statement-breakpoint
CREATE VIEW "few" AS SELECT "id" FROM "people" WHERE "mail" = 'x';`
  const project = temporaryProject(below('drizzle', journalFiles({ '0000_start': start })))
  await live.server.createDatabase('mails')
  await migrateProject(project, live.server.url('mails'))
  const skipping = { migrations: 'drizzle', skip: 'create extension' }
  const { expected, warnings } = await compileFolder(project, skipping)
  expect(await live.ask('mails', expected)).toMatchObject({ status: 'warn', code: 'not_compared' })
  const [, patterns = ''] = /--ignore '(.*)'\.$/m.exec(warnings.join('\n')) ?? []
  const { expected: accepting } = await compileFolder(project, { ...skipping, ignore: patterns.split(',') })
  expect(await live.ask('mails', accepting)).toMatchObject({ status: 'pass', code: 'ok' })
  const missing: readonly Drift[] = [
    ['drop view few', 'public.few', 'missing', undefined],
    ['drop index "some"', 'public."some"', 'missing', unknownPart],
    ['alter table people drop constraint filled', 'public.people.filled', 'missing', unknownPart],
    ['drop policy own on people', 'public.people.own', 'missing', unknownPart],
  ]
  await expectDrifts('mails', expected, [
    ...missing,
    ['alter table people alter mail drop not null', 'public.people.mail', 'changed', unknownPart],
  ])
  await expectDrifts('mails', accepting, missing.slice(0, 1))
})
