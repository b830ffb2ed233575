/** Policies for the role that runs the migrations, which has another name in the replay than in production. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { compileFolder } from './compile-folder.ts'
import { below, journalFiles, temporaryProject } from './folders.ts'
import { migrateProject } from './migrate-project.ts'

let live: Live
beforeAll(async () => {
  live = await startLive()
})
afterAll(() => live.close())

it('a policy TO CURRENT_USER is that of the role that ran the migrations', async () => {
  const start = `CREATE TABLE "notes" ("id" integer PRIMARY KEY, "owner" text);
ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own" ON "notes" AS PERMISSIVE FOR ALL TO current_user USING ("owner" = current_user);
CREATE POLICY "read" ON "notes" FOR SELECT TO public, session_user USING (true);
CREATE POLICY "app" ON "notes" FOR SELECT TO app USING (true);`
  const project = temporaryProject(below('drizzle', journalFiles({ '0000_start': start })))
  await live.server.createDatabase('owned')
  await live.sql('owned', 'create role app; create role other')
  await migrateProject(project, live.server.url('owned'))
  const [user] = await live.sql('owned', 'select current_user as name')
  expect(user?.['name']).not.toBe('postgres')

  const { expected } = await compileFolder(project)
  expect(await live.ask('owned', expected)).toMatchObject({ status: 'pass', code: 'ok' })
  for (const role of ['public', 'other', 'app']) {
    await live.sql('owned', `alter policy own on notes to ${role}`)
    const outcome = await live.ask('owned', expected)
    expect(outcome).toMatchObject({ status: 'fail', code: 'drift' })
    const findings = outcome.details?.['findings'] as readonly { object: string; fix: string }[] | undefined
    const finding = findings?.[0]
    expect(finding?.object).toBe('public.notes.own')
    await live.sql('owned', finding?.fix ?? expect.unreachable())
    expect(await live.ask('owned', expected)).toMatchObject({ status: 'pass', code: 'ok' })
  }
})

it('also where the table belongs to another role, before the policy is made or afterwards', async () => {
  const policies = `ALTER TABLE "notes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "run" ON "notes" TO current_user USING (true);
CREATE POLICY "read" ON "notes" FOR SELECT TO keeper USING (true);`
  const start = `CREATE ROLE keeper;
CREATE TABLE "notes" ("id" integer PRIMARY KEY);
ALTER TABLE "notes" OWNER TO keeper;
${policies}
CREATE TABLE "letters" ("id" integer PRIMARY KEY);
${policies.replaceAll('"notes"', '"letters"')}
ALTER TABLE "letters" OWNER TO keeper;
CREATE TABLE "mine" ("id" integer PRIMARY KEY);
DO $$ BEGIN
  EXECUTE format('CREATE POLICY owning ON mine TO %I USING (true)', (SELECT tableowner FROM pg_tables WHERE tablename = 'mine'));
END $$;`
  const project = temporaryProject(below('drizzle', journalFiles({ '0000_start': start })))
  await live.server.createDatabase('given')
  await migrateProject(project, live.server.url('given'))
  const { expected } = await compileFolder(project)
  const green = { status: 'pass', code: 'ok' }
  expect(await live.ask('given', expected)).toMatchObject(green)
  for (const [policy, roles] of [
    ['run on notes', ['keeper', 'public']],
    ['run on letters', ['keeper']],
    ['read on notes', ['current_user', 'public']],
    ['owning on mine', ['keeper']],
  ] as const) {
    for (const role of roles) {
      await live.sql('given', `alter policy ${policy} to ${role}`)
      const outcome = await live.ask('given', expected)
      expect(outcome, `${policy} to ${role}`).toMatchObject({ status: 'fail', code: 'drift' })
      const findings = outcome.details?.['findings'] as readonly { fix: string }[] | undefined
      await live.sql('given', findings?.[0]?.fix ?? expect.unreachable())
      expect(await live.ask('given', expected)).toMatchObject(green)
    }
  }
})

it('a policy TO postgres is that of postgres, also beside those of the role that runs the migrations', async () => {
  const start = `CREATE TABLE "My notes" ("id" integer PRIMARY KEY);
ALTER TABLE "My notes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "The named" ON "public"."My notes" FOR SELECT TO app, "postgres" USING (true);
CREATE POLICY "later" ON "My notes" TO postgres USING (true);
ALTER POLICY "later" ON "My notes" TO current_user;
CREATE POLICY "run" ON "My notes" TO current_user USING (true);`
  const project = temporaryProject(below('drizzle', journalFiles({ '0000_start': start })))
  await live.server.createDatabase('named')
  for (const role of ['postgres', 'app']) await live.sql('named', createRole(role))
  await migrateProject(project, live.server.url('named'))
  const { expected } = await compileFolder(project)
  expect(expected.namedPolicies).toEqual(['public."My notes"."The named"'])
  const green = { status: 'pass', code: 'ok' }
  expect(await live.ask('named', expected)).toMatchObject(green)
  for (const [policy, role] of [
    ['"The named"', 'app, current_user'],
    ['later', 'postgres'],
    ['run', 'postgres'],
  ]) {
    await live.sql('named', `alter policy ${policy} on "My notes" to ${role}`)
    const outcome = await live.ask('named', expected)
    expect(outcome, policy).toMatchObject({ status: 'fail', code: 'drift' })
    const findings = outcome.details?.['findings'] as readonly { fix: string }[] | undefined
    await live.sql('named', findings?.[0]?.fix ?? expect.unreachable())
    expect(await live.ask('named', expected)).toMatchObject(green)
  }
})

/** The tests before may have made it. */
const createRole = (role: string) =>
  `do $$ begin create role ${role}; exception when duplicate_object then null; end $$`
