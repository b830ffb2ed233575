import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { unstable_getVarsForDev as readByWrangler } from 'wrangler'
import {
  environmentFile,
  readVariableFiles,
  setVariables,
  workerVariables,
} from '../../src/dev/environment.ts'

function temporary(files: Record<string, string>): string {
  const directory = mkdtempSync(join(tmpdir(), 'health-environment-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return directory
}

it('passes every variable of the design to the Worker, and no other', () => {
  const passed = [
    'DATABASE_URL DATABASE_HTTP_ENDPOINT UPSTASH_REDIS_REST_URL UPSTASH_REDIS_REST_TOKEN KV_REST_API_URL',
    'KV_REST_API_TOKEN REDIS_URL CELERY_REDIS_REST_URL CELERY_REDIS_REST_TOKEN CELERY_REDIS_URL CELERY_PROBE CELERY_HEARTBEAT_KEY',
    'CELERY_HEARTBEAT_MAX_AGE CELERY_EXPECTED_WORKERS CELERY_WORKERS CELERY_QUEUES CELERY_MAX_BACKLOG',
    'CELERY_NO_REPLY CELERY_KEY_PREFIX CELERY_CONTROL_EXCHANGE CELERY_SEPARATOR',
    'CELERY_PRIORITY_STEPS CELERY_TIMEOUT_MS HEALTH_CHECKS HEALTH_TTL_PASS',
    'HEALTH_TTL_FAIL HEALTH_DATABASE_TTL_PASS HEALTH_TIMEOUT_MS HEALTH_DEADLINE_MS HEALTH_SLOW_MS HEALTH_REDIS_WRITE',
    'HEALTH_FAILED_STATUS HEALTH_HOSTNAME HEALTH_TOKEN SENTRY_DSN SENTRY_ENVIRONMENT SENTRY_RELEASE',
    'SENTRY_MONITOR_SLUG SENTRY_MONITOR_SCHEDULE HEARTBEAT_URL',
  ].flatMap((names) => names.split(' '))
  const all = Object.fromEntries([...passed, 'PATH', 'DATABASE_URL_OLD'].map((name) => [name, 'x']))
  expect(Object.keys(workerVariables(all))).toEqual(passed)
})

it('takes an empty variable as unset', () => {
  expect(setVariables({ A: '', B: 'b', C: undefined })).toEqual({ B: 'b' })
})

it('reads .dev.vars, else .env and .env.local over it', () => {
  const files = { '.env': 'A=1\nB=1', '.env.local': "B='two'" }
  expect(readVariableFiles(temporary({}))).toEqual({})
  expect(readVariableFiles(temporary(files))).toEqual({ A: '1', B: 'two' })
  expect(readVariableFiles(temporary({ ...files, '.dev.vars': 'C="3"\nD=' }))).toEqual({ C: '3' })
})

it.each([
  'plain',
  'postgres://user:p%40ss@host/db?sslmode=require',
  'p$HOME $5 $$ \\$ \\\\$x',
  'a # no comment',
  "it's",
  'say "hi"',
  'both \' and "',
  'a `tick` and "quotes"',
  '  spaces around  ',
  'line\nbreak',
  'backslash n: \\n and \\',
  'ümläut ✓',
  '=a=b',
])('hands %j to wrangler unchanged', (value) => {
  const directory = temporary({ variables: environmentFile({ BEFORE: 'x', VALUE: value, HOME: 'other' }) })
  const read = readByWrangler(
    join(directory, 'wrangler.toml'),
    [join(directory, 'variables')],
    {},
    undefined,
    true,
  )
  expect(read['VALUE']).toEqual({ type: 'secret_text', value })
})

it.each([
  [`' " and \` and \\n`, 'single, double and back quotes'],
  ["' and ` and \\n", 'single and back quotes, and \\n or \\r'],
])('names the variable that cannot be written and what it holds, without its value', (value, what) => {
  expect(() => environmentFile({ SENTRY_DSN: value })).toThrow(
    `SENTRY_DSN holds ${what}: it cannot be passed to wrangler dev.`,
  )
})

it('says which file of variables cannot be read', () => {
  const directory = temporary({})
  mkdirSync(join(directory, '.dev.vars'))
  expect(() => readVariableFiles(directory)).toThrow(/\.dev\.vars cannot be read \(EISDIR\): make it a file/)
})
