/** Predefined collations of ICU and of the operating system, of which the embedded Postgres has only a few. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { compileFolder } from './compile-folder.ts'
import { below, journalFiles, temporaryProject } from './folders.ts'
import { migrateProject } from './migrate-project.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

const start = `CREATE DOMAIN "surname" AS text COLLATE "de-DE-x-icu";
--> statement-breakpoint
CREATE COLLATION "phonebook" FROM "de-AT-x-icu";
--> statement-breakpoint
CREATE TABLE "people" (
  "id" integer PRIMARY KEY,
  "first" text COLLATE "en-x-icu" NOT NULL,
  "last" "surname",
  "town" text COLLATE "und-x-icu",
  "sorted" text GENERATED ALWAYS AS (upper("first" COLLATE "fr-x-icu")) STORED,
  CONSTRAINT "late" CHECK ("first" > 'a' COLLATE pg_catalog."sv-x-icu")
);
--> statement-breakpoint
CREATE INDEX "people_town" ON "people" ("town" COLLATE "es-x-icu", ("first" COLLATE "en-GB-x-icu"));
--> statement-breakpoint
CREATE VIEW "listed" AS SELECT "id", "last" COLLATE "da-x-icu" AS "last" FROM "people" ORDER BY "first" COLLATE "nb-x-icu";
--> statement-breakpoint
DO $$ BEGIN
  EXECUTE 'CREATE TABLE places (name text COLLATE "it-x-icu")';
EXCEPTION WHEN duplicate_table THEN NULL;
END $$;`

const changes: readonly (readonly [object: string, sql: string])[] = [
  [
    'public.people.sorted',
    'alter table people drop sorted, add sorted text generated always as (upper(first collate "C")) stored',
  ],
  [
    'public.surname',
    'drop table people cascade; drop domain surname; create domain surname as text collate "de-CH-x-icu"',
  ],
  ['public.people.town', 'alter table people alter town type text'],
  ['public.places.name', 'alter table places alter name type text collate "C"'],
  [
    'public.people_town',
    'drop index people_town; create index people_town on people (town, (first collate "en-GB-x-icu"))',
  ],
  [
    'public.listed',
    'create or replace view listed as select id, last collate "da-x-icu" as last from people order by first collate "fi-x-icu"',
  ],
  [
    'public.people.late',
    `alter table people drop constraint late, add constraint late check (first > 'a' collate "de-x-icu")`,
  ],
]

describe('predefined collations', { timeout: 120_000 }, () => {
  it('are those of a real Postgres, and another one there is found', async () => {
    const project = temporaryProject(below('drizzle', journalFiles({ '0000_start': start })))
    const { expected, notes, warnings } = await compileFolder(project)
    expect(notes).toEqual([
      'Predefined collations that the embedded Postgres does not have, made for the replay: de-DE-x-icu, de-AT-x-icu, en-x-icu, fr-x-icu, sv-x-icu, en-GB-x-icu, es-x-icu, da-x-icu, nb-x-icu, it-x-icu.',
    ])
    expect(warnings).toEqual([expect.stringContaining('The models are not compared')])
    await live.server.createDatabase('collations')
    await migrateProject(project, live.server.url('collations'))
    expect(await live.ask('collations', expected)).toMatchObject({ status: 'pass', code: 'ok' })
    for (const [object, sql] of changes) {
      await live.copy('collations', 'changed')
      await live.sql('changed', sql)
      const { status, details } = await live.ask('changed', expected)
      expect(status).toBe('fail')
      const findings = details?.['findings'] as readonly { object: string }[]
      expect(findings.map((finding) => finding.object)).toContain(object)
      await live.drop('changed')
    }
  })

  it.each(['de_DE', 'de_DE.utf8', 'pt_BR.UTF-8'])(
    'of the operating system, such as %s, are made too',
    async (name) => {
      const sql = `CREATE TABLE "people" ("name" text COLLATE "${name}"); CREATE INDEX ON "people" ("name");`
      const project = temporaryProject(below('drizzle', journalFiles({ '0000_start': sql })))
      const { expected, warnings } = await compileFolder(project)
      expect(warnings).toEqual([expect.stringContaining('The models are not compared')])
      // Which of them a server has, depends on its operating system.
      const database = `system_${name.replaceAll(/\W/g, '_').toLowerCase()}`
      await live.server.createDatabase(database)
      await live.sql(database, `create collation if not exists pg_catalog."${name}" from "C"`)
      await migrateProject(project, live.server.url(database))
      expect(await live.ask(database, expected)).toMatchObject({ status: 'pass', code: 'ok' })
    },
  )
})
