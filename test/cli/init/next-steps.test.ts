import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { writeFiles } from '../../compile/folders.ts'
import { runBin } from '../run-bin.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edge-health-init-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const write = (files: Record<string, string>) => writeFiles(root, files)

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'))
const init = (...args: string[]) => runBin(['init', ...args], { cwd: root })
/** The commands that are printed, without what is said between them. */
const commands = (stdout: string) =>
  stdout
    .slice(stdout.indexOf('Next:'))
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => line.trim())

const project = { 'package.json': '{ "name": "tickets" }', 'drizzle.config.ts': '' }
const workspaces = { ...project, 'package.json': '{ "name": "tickets", "workspaces": ["apps/*"] }' }

describe('the package manager', () => {
  const npm = [
    'npm install',
    'npm run compile',
    'npm run check',
    'npm run deploy -- --secrets-file .dev.vars',
    'npm run smoke -- https://…',
  ]
  const spoken = (name: string, install: string) => [
    install,
    ...['compile', 'check', 'deploy --secrets-file .dev.vars'].map((script) => `${name} run ${script}`),
    `${name} run smoke https://…`,
  ]
  test.each([
    ['package-lock.json', '', npm, 'npx'],
    ['pnpm-lock.yaml', '', spoken('pnpm', 'pnpm install --config.strict-dep-builds=false'), 'pnpm exec'],
    ['yarn.lock', '', spoken('yarn', 'yarn install'), 'yarn run'],
    ['bun.lock', '', spoken('bun', 'bun install'), 'bunx'],
    ['bun.lockb', '', spoken('bun', 'bun install'), 'bunx'],
    [
      'package.json',
      '{ "name": "tickets", "packageManager": "pnpm@12.21.0" }',
      spoken('pnpm', 'pnpm install --config.strict-dep-builds=false'),
      'pnpm exec',
    ],
    ['unrelated', '', npm, 'npx'],
  ])('that %s shows is spoken', async (file, content, [install, ...others], exec) => {
    write({ ...project, [file]: content })
    const { stdout } = await init('apps/health')
    expect(commands(stdout)).toEqual(['cd apps/health', install, 'cp .dev.vars.example .dev.vars', ...others])
    const toml = readFileSync(join(root, 'apps/health/wrangler.toml'), 'utf8')
    expect(toml).toContain(`command = "${exec} edge-health compile --config ../../drizzle.config.ts"`)
  })

  test.each([
    ['npm', {}, ['npm install']],
    [
      'pnpm',
      { 'pnpm-workspace.yaml': 'packages:\n  - "apps/*"\n  - "!apps/health"\n' },
      ['pnpm install --config.strict-dep-builds=false --ignore-workspace'],
    ],
    ['yarn', { 'yarn.lock': '' }, ['touch yarn.lock', 'yarn install']],
  ])('%s installs a folder that the workspace does not name by itself', async (name, files, steps) => {
    write({ ...workspaces, ...(name === 'pnpm' && { 'pnpm-lock.yaml': '' }), ...files })
    const { stdout } = await init(name === 'pnpm' ? 'apps/health' : 'tools/health')
    expect(commands(stdout).slice(1, 1 + steps.length)).toEqual(steps)
  })

  test('pnpm installs a package of the workspace with the workspace', async () => {
    write({ ...project, 'pnpm-lock.yaml': '', 'pnpm-workspace.yaml': 'packages: ["apps/**"]' })
    expect(commands((await init('apps/ops/health')).stdout)[1]).toBe(
      'pnpm install --config.strict-dep-builds=false',
    )
  })
})

describe('the version of the package', () => {
  test.each([
    ['file:edge-health-check-0.1.0.tgz', 'file:../../edge-health-check-0.1.0.tgz'],
    ['../edge-health-check', 'file:../../../edge-health-check'],
    ['link:../edge-health-check', 'link:../../../edge-health-check'],
    ['file:/srv/edge-health-check.tgz', 'file:/srv/edge-health-check.tgz'],
    ['https://example.com/edge-health-check.tgz', 'https://example.com/edge-health-check.tgz'],
    ['workspace:*', 'workspace:*'],
    ['catalog:', 'catalog:'],
    ['^0.0.1', `^${manifest.version}`],
    ['latest', `^${manifest.version}`],
  ])('%s in the root is %s in the folder', async (spec, written) => {
    const root = { name: 'tickets', workspaces: ['apps/*'], devDependencies: { 'edge-health-check': spec } }
    write({ ...workspaces, 'package.json': JSON.stringify(root) })
    expect((await init('apps/health')).exitCode).toBe(0)
    expect(readJson('apps/health/package.json').dependencies).toEqual({ 'edge-health-check': written })
  })
})

test('a drizzle.config is found one folder up, also without a repository', async () => {
  write({ 'shop/drizzle.config.ts': '', 'shop/health/package.json': '{ "name": "mine" }' })
  const { exitCode } = await init('shop/health')
  expect(exitCode).toBe(0)
  expect(readFileSync(join(root, 'shop/health/wrangler.toml'), 'utf8')).toContain(
    '--config ../drizzle.config.ts',
  )
})

test('Worker and Lambda get two names, since a workspace takes each name once', async () => {
  write({ ...workspaces, 'package.json': `{ "name": "${'tickets-'.repeat(9)}", "workspaces": ["apps/*"] }` })
  expect((await init('apps/health')).exitCode).toBe(0)
  expect((await init('apps/lambda', '--lambda')).exitCode).toBe(0)
  const [worker, lambda] = ['health', 'lambda'].map((name) => readJson(`apps/${name}/package.json`).name)
  expect(lambda).toBe(`${worker}-lambda`)
  expect(lambda.length).toBeLessThanOrEqual(54)
})

test('the needed Node version is said first, and written', async () => {
  write(project)
  const { stdout } = await init('health')
  expect(stdout.split('\n')[0]).toBe(`Needs Node 22.15 or later; this is ${process.version}.`)
  expect(readJson('health/package.json').engines).toEqual({ node: '>=22.15' })
})

test('for Lambda the bundle is made before the deploy', async () => {
  write(project)
  const { stdout } = await init('health', '--lambda')
  expect(commands(stdout).slice(2)).toEqual([
    'cp .env.example .env',
    ...['compile', 'check', 'build', 'deploy'].map((script) => `npm run ${script}`),
    'npm run smoke -- https://…',
  ])
  expect(readJson('health/package.json').scripts.build).toBe('npm run compile && edge-health bundle')
})

test('the steps are the same when init is run again', async () => {
  write(project)
  const { stdout } = await init('health')
  expect(commands((await init('health')).stdout)).toEqual(commands(stdout))
})

test.each([
  ['.dev.vars', []],
  ['.env', ['--lambda']],
])('no step empties a %s that is filled in already', async (secrets, flavour) => {
  write(project)
  const { stdout } = await init('health', ...flavour)
  const copy = `cp ${secrets}.example ${secrets}`
  expect(commands(stdout)).toContain(copy)
  write({ [`health/${secrets}`]: 'HEALTH_TOKEN=mine' })
  const again = commands((await init('health', ...flavour)).stdout)
  expect(again).toEqual(commands(stdout).filter((step) => step !== copy))
})

test('a deploy has the values that were filled in: as secrets of the Worker, by .env on Lambda', async () => {
  write(project)
  expect((await init('health')).stdout).toContain(
    'With the values of production in .dev.vars:\n  npm run deploy -- --secrets-file .dev.vars\n',
  )
  expect((await init('lambda', '--lambda')).stdout).toContain(
    'With the values of production in .env, or in the environment:\n  npm run deploy\n',
  )
  expect(readFileSync(join(root, 'lambda/serverless.yml'), 'utf8')).toMatch(/^useDotenv: true$/m)
})

test('a Postgres that is not Neon’s can be asked with what is installed', async () => {
  write(project)
  await init('health')
  await init('lambda', '--lambda')
  const { pg } = readJson('health/package.json').devDependencies
  expect(manifest.peerDependencies.pg).toBe(`^${pg}`)
  expect(readJson('lambda/package.json').dependencies).toMatchObject({ pg })
})

test('in a package that exists, what is missing is added under names of its own', async () => {
  const devDependencies = { wrangler: '4.0.0' }
  const scripts = { build: 'tsc', deploy: 'wrangler deploy' }
  write({
    ...project,
    'package.json': JSON.stringify({ name: 'it', scripts, devDependencies }),
    'pnpm-lock.yaml': '',
  })
  const { stdout } = await init('.')
  const [add, addDev, set = '', ...others] = commands(stdout)
  expect(add).toBe(`pnpm add --config.strict-dep-builds=false edge-health-check@^${manifest.version}`)
  expect(addDev).toMatch(
    /^pnpm add --config\.strict-dep-builds=false --save-dev @electric-sql\/pglite@\S+ @electric-sql\/pglite-tools@\S+ pg@\S+$/,
  )
  expect(others).toEqual([
    'cp .dev.vars.example .dev.vars',
    ...['compile', 'check', 'deploy --secrets-file .dev.vars'].map((script) => `pnpm run health:${script}`),
    'pnpm run health:smoke https://…',
  ])
  // What the shell makes of the line is what npm writes.
  execFileSync('sh', ['-c', set], { cwd: root })
  expect(readJson('package.json').scripts).toEqual({
    ...scripts,
    'health:compile': 'edge-health compile --config drizzle.config.ts',
    'health:check': 'edge-health check',
    'health:dev': 'wrangler dev',
    'health:deploy': 'wrangler deploy --tag "$(git rev-parse --short HEAD)"',
    'health:smoke': 'edge-health smoke',
  })
})
