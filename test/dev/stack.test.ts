import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import { Redis } from '@upstash/redis'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { Variables } from '../../src/dev/environment.ts'
import { type Stack, startStack } from '../../src/dev/stack.ts'
import type { MigrationSources } from '../../src/dev/stand-in.ts'
import { below, journalFiles, temporaryFolder, writeFiles } from '../compile/folders.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { until } from '../servers/process.ts'
import { type RedisServer, startRedis } from '../servers/redis.ts'

let postgres: PostgresServer
let redis: RedisServer
beforeAll(async () => {
  ;[postgres, redis] = await Promise.all([startPostgres(), startRedis()])
})
afterAll(async () => {
  await Promise.all([postgres?.close(), redis?.close()])
})

const first = { '0000_first': 'create table events (id int primary key);' }
const second = { ...first, '0001_second': 'alter table events add column title text;' }

function project(migrations: Record<string, string>): string {
  const files = Object.entries(journalFiles(migrations)).map(([path, text]) => [`drizzle/${path}`, text])
  return temporaryFolder({
    'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }",
    ...Object.fromEntries(files),
  })
}

async function stackOf(
  environment: Variables,
  directory = project(first),
  log: string[] = [],
  sources: MigrationSources = {},
): Promise<Stack> {
  const stack = await startStack({
    environment,
    sources: { config: join(directory, 'drizzle.config.ts'), ...sources },
    workingDirectory: directory,
    log: (line) => log.push(line),
    signal: new AbortController().signal,
  })
  onTestFinished(() => stack.close())
  return stack
}

function query({ variables }: Stack, text: string) {
  neonConfig.fetchFunction = (_url: string, init: RequestInit & { endpoint: string }) =>
    fetch(init.endpoint, init)
  const endpoint = variables['DATABASE_HTTP_ENDPOINT']
  return neon(variables['DATABASE_URL'] ?? '', { fetchOptions: { endpoint } }).query(text)
}

function redisOf({ variables }: Stack) {
  const url = variables['UPSTASH_REDIS_REST_URL'] ?? ''
  return new Redis({ url, token: variables['UPSTASH_REDIS_REST_TOKEN'] ?? '', retry: false })
}

it('embeds both when nothing is set, with the migrations applied and written into the ledger', async () => {
  const stack = await stackOf({})
  expect([stack.database.kind, stack.redis.kind]).toEqual(['embedded', 'embedded'])
  expect(stack.database.description).toBe('PGlite, 1 migration of drizzle.config.ts')
  expect(await query(stack, 'select count(*)::int n from events')).toEqual([{ n: 0 }])
  expect(await query(stack, 'select id, hash, created_at from drizzle.__drizzle_migrations')).toEqual([
    { id: 1, hash: expect.stringMatching(/^[0-9a-f]{64}$/), created_at: '1700000000000' },
  ])
  expect(await redisOf(stack).get('edge-health:probe')).toBeNull()
})

it('replays with the options of the compile: named migrations, a preset, a prelude and what to skip', async () => {
  const directory = temporaryFolder({
    'before.sql': 'create table provided (id int);',
    ...below(
      'sql',
      journalFiles({
        '0000_first': [
          'create table notes (owner text default auth.user_id());',
          'insert into provided values (1);',
          'create extension pg_cron;',
        ].join('--> statement-breakpoint'),
      }),
    ),
  })
  const stack = await stackOf({}, directory, [], {
    config: undefined,
    migrations: 'sql',
    preset: 'neon',
    prelude: 'before.sql',
    skip: 'pg_cron',
    ledger: 'own.applied',
  })
  expect(stack.database.description).toBe('PGlite, 1 migration of sql')
  expect(await query(stack, 'select id from provided')).toEqual([{ id: 1 }])
  expect(await query(stack, 'select count(*)::int n from own.applied')).toEqual([{ n: 1 }])
})

it('tells of migrations that cannot be applied', async () => {
  const stack = await stackOf({}, project({ '0000_wrong': 'create tabel events ();' }))
  await expect(stack.ready).rejects.toThrow(/0000_wrong[\s\S]*syntax error/)
})

it('applies what is new to the embedded Postgres when the migrations change, as the next deploy would', async () => {
  const directory = project(first)
  const log: string[] = []
  const stack = await stackOf({}, directory, log)
  await query(stack, 'insert into events values (1)')
  const write = (migrations: Record<string, string>) =>
    writeFiles(join(directory, 'drizzle'), journalFiles(migrations))

  write({ ...first, '0001_second': 'alter table nope;' })
  await until('the mistake is printed', () => log.length === 1)
  expect(log[0]).toMatch(
    /^The migrations changed and cannot be applied to the embedded Postgres\. .*0001_second/s,
  )
  expect(await query(stack, 'select id from events')).toEqual([{ id: 1 }])

  write(second)
  await until('the new one is applied', () => log.length === 2)
  expect(log[1]).toBe('The migrations changed: 1 migration applied to the embedded Postgres.')
  expect(await query(stack, 'select id, title from events')).toEqual([{ id: 1, title: null }])

  write({ ...second, '0000_first': 'create table events (id bigint primary key);' })
  await until('the edit is printed', () => log.length === 3)
  expect(log[2]).toMatch(/^The migrations changed\. None is new/)
  expect(await query(stack, 'select count(*)::int n from drizzle.__drizzle_migrations')).toEqual([{ n: 2 }])

  rmSync(join(directory, 'drizzle'), { recursive: true })
  expect(await query(stack, 'select 1 as one')).toEqual([{ one: 1 }])
})

it('fronts a real Postgres and a real Redis and writes nothing to either', async () => {
  const url = await postgres.createDatabase('untouched')
  const stack = await stackOf({ DATABASE_URL: url, REDIS_URL: redis.url })
  expect([stack.database, stack.redis]).toMatchObject([
    { kind: 'real', description: `127.0.0.1:${postgres.port}/untouched (DATABASE_URL)` },
    { kind: 'real', description: `127.0.0.1:${redis.port} (REDIS_URL)` },
  ])
  expect(await query(stack, 'select current_database() as name')).toEqual([{ name: 'untouched' }])
  expect(await redisOf(stack).ping()).toBe('PONG')
  const made = await postgres.query(
    `select nspname from pg_namespace where nspname = 'drizzle' union all select relname from pg_class where relnamespace = 'public'::regnamespace`,
    'untouched',
  )
  expect(made).toEqual([])
  expect(await redis.command('DBSIZE')).toBe(0)
})

it('uses endpoints as they are and stands in for nothing', async () => {
  const stack = await stackOf({
    DATABASE_URL: 'postgres://u:planted-secret@db.example/app',
    DATABASE_HTTP_ENDPOINT: 'https://proxy.example/sql',
    KV_REST_API_URL: 'https://kv.example',
  })
  expect(stack.variables).toEqual({})
  expect(stack.database.description).toBe('asked through proxy.example (DATABASE_HTTP_ENDPOINT)')
  expect(stack.redis.description).toBe('kv.example (KV_REST_API_URL)')
})

it.each([
  [
    'DATABASE_URL',
    'mysql://h/d',
    'DATABASE_URL: expected postgres://user:password@host/database, found something else.',
  ],
  [
    'DATABASE_URL',
    'postgres://u:planted-secret@127.0.0.1:1/app',
    'DATABASE_URL: the Postgres at 127.0.0.1:1/app cannot be used',
  ],
  ['REDIS_URL', 'http://h', 'REDIS_URL: expected redis://host:port, found something else.'],
  ['REDIS_URL', 'redis://:planted-secret@127.0.0.1:1', 'REDIS_URL: the Redis at 127.0.0.1:1 cannot be used'],
])('refuses %s=%s in one sentence without the password', async (name, value, sentence) => {
  const refused = stackOf({
    UPSTASH_REDIS_REST_URL: name === 'REDIS_URL' ? '' : 'https://kv.example',
    [name]: value,
  })
  await expect(refused).rejects.toThrow(sentence)
  await expect(refused).rejects.not.toThrow('planted-secret')
})

it('says which password is wrong, without it', async () => {
  const url = postgres.url().replace(postgres.password, 'planted-wrong-one')
  const refused = stackOf({ DATABASE_URL: url })
  await expect(refused).rejects.toThrow(`password authentication failed for user '${postgres.user}'`)
  await expect(refused).rejects.not.toThrow('planted-wrong-one')
})
