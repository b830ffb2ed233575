import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { splitStatements } from '../../src/compile/replay/split-statements.ts'
import { shop } from '../checks/migrations/findings/fix-drifts.ts'
import { type Live, startLive } from '../checks/migrations/live.ts'
import { ledgerSql, replay } from '../checks/migrations/replay.ts'
import { runBin } from './run-bin.ts'

const secret = 'planted-token-8a1f93'

let live: Live
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edge-health-fix-sql-'))
  writeFileSync(join(folder, 'expected.json'), JSON.stringify((await replay(shop)).expected))
  live = await startLive()
  await live.migrate('shop', shop)
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await live?.close()
})

beforeEach(async () => {
  await live.copy('shop', 'drifted')
  return () => live.drop('drifted')
})

const check = (...args: readonly string[]) => {
  const { url, endpoint = '' } = live.connection('drifted')
  const env = {
    DATABASE_URL: url,
    DATABASE_HTTP_ENDPOINT: endpoint,
    HEALTH_TOKEN: secret,
    HEALTH_TIMEOUT_MS: '9000',
    HEALTH_DEADLINE_MS: '9500',
  }
  return runBin(['check', '--expected', 'expected.json', ...args], { cwd: folder, env })
}

/** As psql runs a file: statement by statement, on one connection. */
const pipe = async (script: string) => {
  const { default: pg } = await import('pg')
  const client = new pg.Client(live.server.url('drifted'))
  await client.connect()
  try {
    for (const statement of splitStatements(script)) await client.query(statement)
  } finally {
    await client.end()
  }
}

test('what it prints leads back to a check that passes, also over values that an enum lacks', async () => {
  await live.sql(
    'drifted',
    `drop materialized view totals; drop index item_size; alter table item alter size drop default;
    alter type size rename to size_old; create type size as enum ('small', 'large');
    alter table item alter size type size using size::text::size; drop type size_old;
    alter table zone drop constraint zone_pkey cascade; drop function may_see(uuid, text[]) cascade;
    drop index log_hash; drop schema sales cascade; alter table box rename constraint box_item to other`,
  )
  const { exitCode, stdout, stderr } = await check('--fix-sql')
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^migrations: \d+ differences from the migrations \(drift\)\n$/)
  const [first] = splitStatements(stdout)
  expect(first).toContain("ADD VALUE IF NOT EXISTS 'medium' AFTER 'small';")
  expect(stdout.match(/^BEGIN;$/gm)).toHaveLength(1)
  expect(stdout.match(/^COMMIT;$/gm)).toHaveLength(1)
  expect(stdout).not.toContain('Left out')
  await pipe(stdout)
  expect(await check('--fix-sql')).toEqual({
    exitCode: 0,
    stdout: `-- edge-health check --fix-sql: database up to date with migrations (ok)\n-- There are no fixes: the schema does not differ.\n`,
    stderr: 'migrations: database up to date with migrations (ok)\n',
  })
})

test('what is left out is said with its reason, on one line of a comment whatever its name is', async () => {
  await live.sql(
    'drifted',
    `create table "by hand
; drop table zone; --" (id integer); create trigger t before update on item for each row execute function stamp();
    alter table zone alter id type varchar(9), add n int not null; drop table sales.lines cascade`,
  )
  const { exitCode, stdout } = await check('--fix-sql')
  expect(exitCode).toBe(1)
  const leftOut = stdout.slice(stdout.indexOf('-- Left out:'))
  expect(leftOut.split('\n').filter((line) => line !== '' && !line.startsWith('-- '))).toEqual([])
  expect(leftOut).toContain(
    '-- warn: table public."by hand ; drop table zone; --" is extra: it may hold data\n',
  )
  expect(leftOut).toContain('-- fail: trigger public.item.t is extra: another tool may own it, or need it\n')
  expect(leftOut).toMatch(/^-- fail: column public\.zone\.id is changed: only you know how its values/m)
  expect(leftOut).toMatch(
    /^-- fail: table sales\.lines is missing: it may be public\."by hand .* rename it$/m,
  )
  await pipe(stdout)
  const [row] = await live.sql(
    'drifted',
    `select to_regclass('public.zone') is not null as zone, to_regclass('public."by hand\n; drop table zone; --"') is not null as extra`,
  )
  expect(row).toEqual({ zone: true, extra: true })
  const again = await check('--fix-sql')
  expect(again.stdout).toContain('-- There are no fixes that are certain.\n')
})

test('a harmless addition warns: its fix is printed, and the exit code is 0', async () => {
  await live.sql('drifted', 'create index by_hand on zone (id)')
  const { exitCode, stdout } = await check('--fix-sql', '--check', 'migrations')
  expect(exitCode).toBe(0)
  expect(splitStatements(stdout).at(1)).toContain('DROP INDEX public.by_hand;')
})

test('no fix is printed that holds a secret of the configuration, nor what needs it', async () => {
  await live.sql('drifted', 'drop function label_of(integer) cascade')
  const { stdout } = await check('--fix-sql')
  expect(stdout).toContain('CREATE OR REPLACE FUNCTION public.label_of')
  const { url, endpoint = '' } = live.connection('drifted')
  const env = { DATABASE_URL: url, DATABASE_HTTP_ENDPOINT: endpoint, HEALTH_TOKEN: 'where item_id = key' }
  const guarded = await runBin(['check', '--expected', 'expected.json', '--fix-sql'], { cwd: folder, env })
  expect(guarded.stdout).toContain('label_of(integer) is missing: its fix would hold a secret')
  expect(guarded.stdout).toMatch(
    /policy public\.box\.box_seen is missing: it needs public\.label_of\(integer\)/,
  )
  expect(guarded.stdout).not.toContain('where item_id = key')
  expect(splitStatements(guarded.stdout)).toEqual([])
})

test('while migrations are pending there is no fix, because they would then fail', async () => {
  await live.sql(
    'drifted',
    `drop schema sales cascade; drop schema drizzle cascade; ${ledgerSql(shop.files.slice(0, 2))}`,
  )
  const { exitCode, stdout } = await check('--fix-sql')
  expect({ exitCode, stdout }).toEqual({
    exitCode: 1,
    stdout:
      '-- edge-health check --fix-sql: 1 migration is not applied (pending)\n-- There are no fixes: run the pending migrations first.\n',
  })
  const { stdout: json } = await check('--check', 'migrations', '--json')
  expect(json).toContain('"no_fix":"run the pending migrations first"')
  expect(json).not.toContain('"fix":')
})

test('what keeps the check from asking is said in a comment, with exit code 1', async () => {
  const env = {
    DATABASE_URL: 'postgres://u:pl4nted@127.0.0.1:1/x',
    DATABASE_HTTP_ENDPOINT: 'http://127.0.0.1:1/sql',
  }
  const { exitCode, stdout } = await runBin(['check', '--expected', 'expected.json', '--fix-sql'], {
    cwd: folder,
    env,
  })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(
    /^-- edge-health check --fix-sql: .*\(unreachable\)\n-- There are no fixes: the schema could not be compared\.\n$/,
  )
})

test.each([
  [['--fix-sql', '--json'], /^error: --fix-sql prints SQL and --json prints JSON: choose one\.\n$/],
  [
    ['--fix-sql', '--check', 'redis'],
    /^error: --fix-sql asks the check migrations alone: leave the other names away\.\n$/,
  ],
])('%j is refused with exit code 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await check(...args)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(message)
})
