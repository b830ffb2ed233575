import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HttpService } from '../../src/dev/http-service.ts'
import { postgresBackend } from '../../src/dev/postgres-backend.ts'
import { startSqlOverHttp } from '../../src/dev/sql-over-http.ts'
import { runBin } from '../cli/run-bin.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { password, roleStatements, sqlRole } from '../support/least-privilege.ts'
import { schemaOf } from '../support/schema.ts'
import { type Files, layouts, migrated, migrationsFolder, parts } from './project.ts'

const start: Files = {
  '0000_start': parts(
    'CREATE TABLE "users" ("id" serial PRIMARY KEY, "email" text, "seen" timestamp)',
    'CREATE TABLE "orders" ("id" serial PRIMARY KEY, "user_id" integer REFERENCES "users"("id"), "note" text)',
  ),
}
const rewriting: Files = {
  ...start,
  '0001_short': 'ALTER TABLE "orders" ALTER COLUMN "note" SET DATA TYPE varchar(9)',
}
const harmless: Files = { ...start, '0001_more': 'ALTER TABLE "orders" ADD COLUMN "paid" boolean' }

let server: PostgresServer
let http: HttpService
beforeAll(async () => {
  server = await startPostgres()
  http = await startSqlOverHttp({ backend: postgresBackend(server.url(), { keepConnections: false }) })
  await migrated(server, 'app', start, 1)
  await server.query(
    `insert into orders (note) select repeat('x', 8) from generate_series(1, 5000); analyze;
    alter role health_owner set lock_timeout = '5s'; ${roleStatements}`,
    'app',
  )
  for (const layout of layouts) await migrated(server, `layout ${layout}`, start, 1, layout)
})
afterAll(async () => {
  await http?.close()
  await server?.close()
})

interface Options {
  readonly env?: Record<string, string>
  readonly folder?: string
  readonly database?: string
}

async function gate(
  files: Files,
  args: readonly string[] = [],
  { env, folder, database = 'app' }: Options = {},
) {
  const cwd = folder ?? migrationsFolder(files)
  const DATABASE_URL = server.url(database).replaceAll(' ', '%20')
  return runBin(['gate', '--migrations', cwd, ...args], { cwd, env: { DATABASE_URL, ...env } })
}

const asReader = () => server.url('app').replace(/\/\/.*@/, `//${sqlRole}:${password}@`)
const smallSizes = ['--warn-at', 'rewrite=1', '--fail-at', 'rewrite=100kB']

describe('with the role of docs/least-privilege.md', () => {
  it('a rewrite above the threshold fails, and production is locked in ACCESS SHARE at most', async () => {
    const modes = new Set<string>()
    let isOver = false
    const watching = (async () => {
      while (!isOver) {
        const rows = await server.query(
          `select distinct l.mode from pg_locks l join pg_stat_activity a using (pid)
          where a.usename = '${sqlRole}' and l.locktype = 'relation'`,
          'app',
        )
        for (const { mode } of rows) modes.add(String(mode))
        await sleep(1)
      }
    })()
    const { exitCode, stdout, stderr } = await gate(rewriting, smallSizes, {
      env: { DATABASE_URL: asReader() },
    })
    isOver = true
    await watching
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' })
    expect(stdout).toMatch(
      /^ {2}1 {2}FAIL rewrites: rewrites public\.orders: \d+ kB table, .*5000 rows; every read and write of it waits$/m,
    )
    expect(stdout).toMatch(/^FAIL$/m)
    expect([...modes].filter((mode) => mode !== 'AccessShareLock')).toEqual([])
    expect(modes.size).toBe(1)
  })

  it('the same at its real size passes, with what may break said', async () => {
    const { exitCode, stdout } = await gate(rewriting, [], { env: { DATABASE_URL: asReader() } })
    expect(exitCode).toBe(0)
    expect(stdout).toContain(
      'WARN breaks_running_release: the running release may break: public.orders.note was text',
    )
    expect(stdout).not.toContain(password)
  })
})

it.each(layouts)(
  'layout %s: what the migrations table does not name is pending, over HTTP too',
  async (layout) => {
    const folder = migrationsFolder(harmless, layout)
    const database = `layout ${layout}`
    const env = { DATABASE_HTTP_ENDPOINT: http.url }
    const { exitCode, stdout } = await gate(harmless, [], { folder, database, env })
    expect(stdout).toMatch(/^PASS (?:\d+_)?(?:0001_)?more/m)
    expect(stdout).toContain('the new release needs first: public.orders.paid')
    expect(exitCode).toBe(0)
    const applied = await gate(start, [], { folder: migrationsFolder(start, layout), database, env })
    expect(applied).toMatchObject({
      exitCode: 0,
      stdout: 'edge-health gate: PASS, no migration is pending\n',
    })
  },
)

it('JSON, Markdown, annotations and the step summary say the same', async () => {
  const folder = migrationsFolder(rewriting)
  const summary = join(folder, 'summary.md')
  appendFileSync(summary, 'before\n')
  const args = [...smallSizes, '--json', '--markdown', 'gate.md']
  const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary }
  const { exitCode, stdout, stderr } = await gate(rewriting, args, { folder, env })
  const document = JSON.parse(stdout)
  const matches = schemaOf('gate')
  expect(matches(document), JSON.stringify(matches.errors)).toBe(true)
  expect(document).toMatchObject({ verdict: 'fail', exit_code: exitCode, pending: 1 })
  expect(stderr).toMatch(/^::error file=0001_short\.sql,title=Gate%3A rewrites::rewrites public\.orders/m)
  expect(stderr).toMatch(/^::warning file=0001_short\.sql,title=Gate%3A breaks_running_release::/m)
  const text = readFileSync(join(folder, 'gate.md'), 'utf8')
  expect(text).toContain('| 🔴 FAIL | rewrites | 1 |')
  expect(readFileSync(summary, 'utf8')).toBe(`before\n${text}`)
})

describe('what was accepted', () => {
  it('passes with its reason, until its migration is applied', async () => {
    const folder = migrationsFolder(rewriting)
    mkdirSync(join(folder, '.edge-health'))
    const allow = (migration: string) =>
      writeFileSync(
        join(folder, '.edge-health/gate-allow.json'),
        JSON.stringify([
          { allow: 'rewrites:public.orders', migration, reason: 'the shop is closed meanwhile' },
        ]),
      )
    allow('0001_short')
    const accepted = await gate(rewriting, smallSizes, { folder })
    expect(accepted.stdout).toContain('allowed (the shop is closed meanwhile) rewrites')
    expect(accepted.exitCode).toBe(0)
    allow('0000_start')
    const expired = await gate(rewriting, smallSizes, { folder })
    expect(expired.exitCode).toBe(1)
    expect(expired.stdout).toContain('the allowance of rewrites:public.orders has expired')
  })

  it('on the command line it needs no file', async () => {
    expect((await gate(rewriting, [...smallSizes, '--allow', 'rewrites:public.orders'])).exitCode).toBe(0)
  })
})

describe('exit codes', () => {
  it('1 where production differs from its migrations, with the findings', async () => {
    await server.query('create database drifted template app')
    await server.query('alter table users drop column email', 'drifted')
    const { exitCode, stdout } = await gate(harmless, [], { database: 'drifted' })
    expect(stdout).toContain('public.users.email')
    expect(stdout).toContain('FAIL: production differs from its migrations')
    expect(exitCode).toBe(1)
  })

  it('0 where the migrations also made what the check does not compare', async () => {
    const published: Files = {
      '0000_start': parts(start['0000_start'] ?? '', 'CREATE PUBLICATION "changes" FOR TABLE "orders"'),
    }
    await migrated(server, 'published', published, 1)
    const files = { ...published, '0001_more': 'ALTER TABLE "orders" ADD COLUMN "paid" boolean' }
    const { exitCode, stdout } = await gate(files, [], { database: 'published' })
    expect(stdout).toContain('PASS')
    expect(exitCode).toBe(0)
    await server.query('alter table users drop column email', 'published')
    expect((await gate(files, [], { database: 'published' })).exitCode).toBe(1)
  })

  it('4 where it cannot be asked', async () => {
    const env = { DATABASE_URL: server.url('app').replace(/:\d+\//, ':1/') }
    const unreachable = await gate(harmless, [], { env })
    expect(unreachable.stdout).toContain('production cannot be asked')
    expect(unreachable.stdout).not.toContain(server.password)
    expect(unreachable.exitCode).toBe(4)
    await server.query("create role blind login password 'blind'", 'app')
    const denied = await gate(harmless, [], {
      env: { DATABASE_URL: asReader().replace(/\/\/.*@/, '//blind:blind@') },
    })
    expect(denied.stdout).toContain('may not SELECT from drizzle.__drizzle_migrations')
    expect(denied.exitCode).toBe(4)
  })

  it('2 for words, variables and migrations that cannot be used', async () => {
    const wrong = async (args: readonly string[], files = harmless, env = {}) => {
      const { exitCode, stderr } = await gate(files, args, { env })
      expect(exitCode, stderr).toBe(2)
      return stderr
    }
    expect(await wrong(['--driver', 'mysql'])).toContain('expected one of node-postgres')
    expect(await wrong(['--fail-at', 'rewrite=big'])).toContain('--fail-at expected sizes')
    expect(await wrong(['--allow', 'rewrite:x'])).toContain('--allow: expected CODE:OBJECT')
    expect(await wrong([], harmless, { DATABASE_URL: '' })).toContain('DATABASE_URL')
    const broken: Files = { '0000_start': 'create tabel x (id integer)', '0001_more': 'select 1' }
    expect(await wrong([], broken)).toContain('cannot be applied')
  })
})

describe('settings of production', () => {
  const zoned: Files = {
    ...start,
    '0001_zone': 'ALTER TABLE "users" ALTER COLUMN "seen" SET DATA TYPE timestamp with time zone',
  }

  it('its TimeZone decides whether a table is rewritten', async () => {
    await server.query('create database zone template app')
    const codes = async () =>
      JSON.parse((await gate(zoned, ['--json'], { database: 'zone' })).stdout).migrations[0].findings
    const rewrites = expect.arrayContaining([expect.objectContaining({ code: 'rewrites' })])
    expect(await codes()).not.toEqual(rewrites)
    await server.query(`alter database zone set timezone = 'Europe/Berlin'`)
    expect(await codes()).toEqual(rewrites)
  })

  it('without a lock_timeout a lock is a warning, unless the migrating command has one', async () => {
    await server.query(`create database patient template app`)
    await server.query(`alter role health_owner in database patient set lock_timeout = 0`)
    const { stdout, exitCode } = await gate(harmless, [], { database: 'patient' })
    expect(stdout).toContain('WARN no_lock_timeout')
    expect(exitCode).toBe(0)
    const env = { PGOPTIONS: '-c lock_timeout=5s' }
    expect((await gate(harmless, [], { database: 'patient', env })).stdout).not.toContain('no_lock_timeout')
  })
})
