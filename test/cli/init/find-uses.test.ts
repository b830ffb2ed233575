import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeFiles } from '../../compile/folders.ts'
import { parseYaml } from '../../support/yaml.ts'
import { runBin } from '../run-bin.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edge-health-uses-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const write = (files: Record<string, string>) => writeFiles(root, files)

const read = (path: string) => readFileSync(join(root, path), 'utf8')
const init = (...args: string[]) => runBin(['init', 'health', ...args], { cwd: root })
const checksIn = (toml: string) => /^HEALTH_CHECKS = "(.*)"$/m.exec(toml)?.[1]
const all = undefined

test.each<[string, Record<string, string>, string | undefined]>([
  ['nothing but a database', {}, 'database,migrations'],
  [
    'a Redis client',
    { 'apps/web/package.json': '{ "dependencies": { "ioredis": "5" } }' },
    'database,migrations,redis',
  ],
  [
    'a Redis in its variables',
    { 'apps/web/.env.example': 'UPSTASH_REDIS_REST_URL=\n' },
    'database,migrations,redis',
  ],
  ['Vercel KV', { '.env.local': 'KV_REST_API_TOKEN=x' }, 'database,migrations,redis'],
  [
    'a Redis client in Python',
    { 'api/requirements-prod.txt': 'Flask\nredis>=5 # cache\n' },
    'database,migrations,redis',
  ],
  ['Celery in requirements.txt', { 'requirements.txt': 'celery[redis]==5.6.2' }, all],
  [
    'Celery in pyproject.toml',
    { 'api/pyproject.toml': '[project]\ndependencies = ["flask", "celery>=5"]\n' },
    all,
  ],
  ['Celery with Poetry', { 'pyproject.toml': '[tool.poetry.dependencies]\nCelery = "^5"\n' }, all],
  ['Celery in a Pipfile', { Pipfile: '[packages]\ncelery = "*"\n' }, all],
  ['Celery in its variables', { '.env': 'CELERY_BROKER_URL=amqp://broker' }, all],
  [
    'a Redis client in the folder of another health check, where start needs it',
    {
      'apps/health/package.json':
        '{ "scripts": { "compile": "edge-health compile" }, "devDependencies": { "ioredis": "5" } }',
    },
    'database,migrations',
  ],
  ['only a comment on Celery', { 'requirements.txt': 'flask\n# celery was here\n' }, 'database,migrations'],
  ['Celery in a dependency alone', { 'node_modules/x/requirements.txt': 'celery' }, 'database,migrations'],
])('a repository with %s gets the checks that fit', async (_, files, checks) => {
  write({ 'drizzle.config.ts': '', 'package.json': '{ "name": "tickets" }', ...files })
  const { exitCode, stdout } = await init()
  expect(exitCode).toBe(0)
  const toml = read('health/wrangler.toml')
  expect(checksIn(toml)).toBe(checks)
  // A store needs a Redis.
  expect(toml.includes('HEALTH_STORE')).toBe(checks?.includes('redis') ?? true)
  expect(stdout.includes('HEALTH_CHECKS')).toBe(checks !== undefined)
})

test('what is not checked is not asked for, and init says why', async () => {
  write({ 'drizzle.config.ts': '', 'package.json': '{ "name": "tickets" }' })
  const { stdout } = await init()
  expect(stdout).toContain(
    '\nHEALTH_CHECKS is database,migrations in wrangler.toml: nothing here uses Celery or Redis. Add what is elsewhere.\n',
  )
  expect([...read('health/.dev.vars.example').matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name)).toEqual([
    'DATABASE_URL',
    'HEALTH_TOKEN',
  ])
})

test('on Lambda they are the default of the deploy', async () => {
  write({ 'drizzle.config.ts': '', 'package.json': '{ "name": "tickets" }' })
  await init('--lambda')
  const { provider } = parseYaml(read('health/serverless.yml')) as {
    provider: { environment: Record<string, string> }
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Serverless's own syntax
  expect(provider.environment['HEALTH_CHECKS']).toBe("${env:HEALTH_CHECKS, 'database,migrations'}")
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Serverless's own syntax
  expect(provider.environment['HEALTH_STORE']).toBe("${env:HEALTH_STORE, ''}")
})
