import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { parseYaml } from '../../support/yaml.ts'
import { runBin } from '../run-bin.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edge-health-init-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A repository: path to content. */
function write(files: Record<string, string>) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

const monorepo = {
  'package.json': '{ "name": "@acme/tickets", "workspaces": ["apps/*", "packages/*"] }',
  'packages/db/drizzle.config.ts': '',
  'packages/db/migrations/meta/_journal.json': '',
  'services/worker/requirements.txt': 'celery[redis]==5.6.2\n',
  // A dependency's example.
  'node_modules/some-orm/drizzle.config.ts': '',
}

const init = (...args: string[]) => runBin(['init', ...args], { cwd: root })
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const list = (path: string) => readdirSync(join(root, path), { recursive: true }).map(String).sort()

test('in a monorepo it writes the six files, pointing at the migrations that it found, and nothing else', async () => {
  write(monorepo)
  const { exitCode, stdout, stderr } = await init('apps/health')
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(list('apps/health')).toEqual([
    '.dev.vars.example',
    '.gitignore',
    'package.json',
    'src',
    'src/worker.ts',
    'wrangler.toml',
  ])
  expect(stdout).toContain('written  apps/health/wrangler.toml')
  expect(read('apps/health/src/worker.ts').trimEnd().split('\n').length).toBeLessThanOrEqual(5)
  const { name, scripts, dependencies, devDependencies } = JSON.parse(read('apps/health/package.json'))
  expect(name).toBe('tickets-health-check')
  expect(scripts.compile).toBe('edge-health compile --config ../../packages/db/drizzle.config.ts')
  expect(dependencies).toEqual({ 'edge-health-check': `^${manifest.version}` })
  expect(devDependencies.wrangler).toBe(manifest.devDependencies.wrangler)
  const toml = read('apps/health/wrangler.toml')
  expect(toml).toContain('command = "npx edge-health compile --config ../../packages/db/drizzle.config.ts"')
  expect(toml).toContain('watch_dir = ["src", "../../packages/db/migrations"]')
  expect(toml).toContain('crons = ["*/15 * * * *"]')
  expect(toml).not.toMatch(/^\[placement\]/m)
  expect(toml).toContain('# HEALTH_CHECKS = "database,migrations,celery,redis"')
  expect(toml).toMatch(/^HEALTH_STORE = "redis"$/m)
  const example = read('apps/health/.dev.vars.example')
  expect(
    [...example.matchAll(/^(?:# (.+)\n)?([A-Z_]+)=$/gm)].map(([, meaning, name]) => [name, meaning]),
  ).toEqual(
    ['DATABASE_URL', 'UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN', 'HEALTH_TOKEN'].map((name) => [
      name,
      expect.stringMatching(/\w+\.$/),
    ]),
  )
})

test('a file that exists is kept, byte by byte, and listed as kept', async () => {
  write({
    ...monorepo,
    'apps/health/package.json': '{ "name": "mine" }',
    'apps/health/wrangler.toml': '# mine',
  })
  const { exitCode, stdout } = await init('apps/health')
  expect(exitCode).toBe(0)
  expect(read('apps/health/package.json')).toBe('{ "name": "mine" }')
  expect(read('apps/health/wrangler.toml')).toBe('# mine')
  expect(stdout).toContain('kept     apps/health/package.json (it existed before)')
  expect(stdout).toContain('written  apps/health/src/worker.ts')
  expect(stdout).toContain(`npm install edge-health-check@^${manifest.version}`)
  const before = read('apps/health/src/worker.ts')
  await init('apps/health', '--lambda')
  expect(read('apps/health/src/worker.ts')).toBe(before)
})

test('name, region and schedule are taken from the options', async () => {
  write(monorepo)
  const options = ['--name', 'box-office', '--region', 'eu-central-1', '--cron', '0 6 * * 2']
  expect((await init('apps/health', ...options)).exitCode).toBe(0)
  const toml = read('apps/health/wrangler.toml')
  expect(toml).toContain('name = "box-office"')
  expect(toml).toContain('[placement]\nregion = "aws:eu-central-1"')
  expect(toml).toContain('crons = ["0 6 * * 2"]')
})

test('for Lambda it writes a serverless.yml instead', async () => {
  write(monorepo)
  const options = ['--lambda', '--region', 'aws:eu-central-1', '--cron', '0 6 * * 2']
  expect((await init('apps/health', ...options)).exitCode).toBe(0)
  expect(list('apps/health')).toEqual([
    '.env.example',
    '.gitignore',
    'package.json',
    'serverless.yml',
    'src',
    'src/lambda.ts',
  ])
  const written = parseYaml(read('apps/health/serverless.yml')) as Serverless
  expect(written).toMatchObject({
    service: 'tickets-health-check-lambda',
    provider: { name: 'aws', runtime: 'nodejs24.x', region: 'eu-central-1' },
    custom: { schedule: 'cron(0 6 ? * 2 *)' },
    functions: {
      health: { handler: 'dist/lambda/lambda.handler', url: true, timeout: 90, maximumRetryAttempts: 0 },
    },
  })
  const ours = parseYaml(
    readFileSync(new URL('../../../serverless.yml', import.meta.url), 'utf8'),
  ) as Serverless
  expect(Object.keys(written.provider.environment)).toEqual(Object.keys(ours.provider.environment))
})

interface Serverless {
  readonly provider: { readonly environment: Readonly<Record<string, string>> }
}

test('migrations without a config are found by their journal, or by their folders in the 1.0 layout', async () => {
  write({ 'package.json': '{ "name": "shop" }', '.git/HEAD': '', 'db/sql/20260101_first/migration.sql': '' })
  expect((await init('health')).exitCode).toBe(0)
  expect(JSON.parse(read('health/package.json')).scripts.compile).toBe(
    'edge-health compile --migrations ../db/sql',
  )
})

test('with a config and migrations both are compiled, as compile takes both', async () => {
  write({ ...monorepo, 'packages/db/sql/meta/_journal.json': '' })
  const named = ['--config', 'packages/db/drizzle.config.ts', '--migrations', 'packages/db/sql']
  expect((await init('apps/health', ...named)).exitCode).toBe(0)
  expect(JSON.parse(read('apps/health/package.json')).scripts.compile).toBe(
    'edge-health compile --config ../../packages/db/drizzle.config.ts --migrations ../../packages/db/sql',
  )
  expect(read('apps/health/wrangler.toml')).toContain('watch_dir = ["src", "../../packages/db/sql"]')
})

test('a path with spaces is quoted for the shell', async () => {
  write({ '.git/HEAD': '', 'my db/drizzle.config.ts': '' })
  expect((await init('health')).exitCode).toBe(0)
  expect(JSON.parse(read('health/package.json')).scripts.compile).toBe(
    'edge-health compile --config "../my db/drizzle.config.ts"',
  )
})

test('of several configs one has to be named, and nothing is written before', async () => {
  write({ ...monorepo, 'apps/admin/drizzle.config.ts': '' })
  const refused = await init('apps/health')
  expect(refused).toMatchObject({ exitCode: 2, stdout: '' })
  expect(refused.stderr).toContain('apps/admin/drizzle.config.ts\n  packages/db/drizzle.config.ts')
  expect(existsSync(join(root, 'apps/health'))).toBe(false)
  expect((await init('apps/health', '--config', 'apps/admin/drizzle.config.ts')).exitCode).toBe(0)
  expect(read('apps/health/wrangler.toml')).toContain('--config ../admin/drizzle.config.ts')
})

test.each<[string, Record<string, string>, string[]]>([
  ['wrangler.toml', { 'wrangler.toml': 'main = "src/index.ts"', 'src/index.ts': 'export default {}' }, []],
  [
    'wrangler.jsonc',
    { 'wrangler.jsonc': '{ "main": "src/index.ts", /* mine */ }', 'src/index.ts': 'export default {}' },
    [],
  ],
  ['wrangler.json', { 'wrangler.json': '{ "assets": { "directory": "public" } }' }, []],
  [
    'src/worker.ts',
    { 'wrangler.toml': 'main = "./src/worker.ts"', 'src/worker.ts': 'export default {}' },
    [],
  ],
  ['serverless.yml', { 'serverless.yml': 'service: shop' }, ['--lambda']],
  ['src/lambda.ts', { 'src/lambda.ts': 'export const handler = () => {}' }, ['--lambda']],
])(
  '%s of another function is not deployed in the place of the health check',
  async (file, files, flavour) => {
    write({
      ...monorepo,
      ...Object.fromEntries(Object.entries(files).map(([path, text]) => [`apps/shop/${path}`, text])),
    })
    const before = list('apps/shop')
    const { exitCode, stdout, stderr } = await init('apps/shop', ...flavour)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(`error: apps/shop/${file} belongs to another function. Name a folder of its own`)
    expect(list('apps/shop')).toEqual(before)
  },
)

test('a Worker whose entry file has the health check is not another one', async () => {
  write({
    ...monorepo,
    'apps/health/wrangler.toml': 'main = "src/index.ts"',
    'apps/health/src/index.ts': "import { createWorker } from 'edge-health-check/worker'",
  })
  expect((await init('apps/health')).exitCode).toBe(0)
})

test('beside a wrangler.jsonc no wrangler.toml is written, which wrangler would not read', async () => {
  write({ ...monorepo, 'apps/health/wrangler.jsonc': '{ "main": "src/worker.ts" }' })
  expect((await init('apps/health')).exitCode).toBe(0)
  expect(list('apps/health')).not.toContain('wrangler.toml')
  expect(list('apps/health')).toContain('src/worker.ts')
})

test('a wrangler.toml that is not TOML is refused in one sentence', async () => {
  write({ ...monorepo, 'apps/shop/wrangler.toml': 'main = ' })
  expect(await init('apps/shop')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/^error: .*is not TOML.*\n$/),
  })
})

test.each([
  [
    [],
    /^error: No drizzle.config and no migrations were found below .*--config FILE or --migrations DIR\.\n$/,
  ],
  [['--config', 'nowhere.ts'], /^error: --config: nowhere\.ts does not exist\.\n$/],
  [['--migrations', '.', '--name', 'Not A Name'], /^error: --name expects/],
  [['--migrations', '.', '--cron', 'hourly'], /^error: --cron expects five fields/],
  [['--migrations', '.', '--region', 'eu central'], /^error: --region expects/],
  [['--migrations', '.', '--lambda', '--region', 'gcp:europe-west1'], /^error: --region expects/],
  [['--migrations', '.', '--lambda', '--cron', '0 6 1 * 2'], /^error: --cron "0 6 1 \* 2" restricts both/],
])('%j is refused and nothing is written', async (args, message) => {
  const { exitCode, stdout, stderr } = await init('health', ...args)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(message)
  expect(readdirSync(root)).toEqual([])
})
