import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startStack, type TestStack } from '../support/stack.ts'
import { unhurried } from '../support/unhurried.ts'
import { runBin } from './run-bin.ts'

let stack: TestStack
beforeAll(async () => {
  stack = await startStack()
})
afterAll(() => stack.close())

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'edge-health-check-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const writeVariables = (name: string, variables: Record<string, string>) =>
  writeFileSync(
    join(folder, name),
    Object.entries(variables)
      .map(([key, value]) => `${key}="${value}"\n`)
      .join(''),
  )

/** Runs it in the test's folder, on database and redis alone unless it says something else. */
const check = (args: readonly string[], env: Record<string, string> = {}) =>
  runBin(['check', ...args], { cwd: folder, env: { ...unhurried, ...env } })

const two = ['--check', 'database,redis']

test('with the variables of .dev.vars the checks are run from here and printed with their details', async () => {
  writeVariables('.dev.vars', stack.environment)
  const { exitCode, stdout, stderr } = await check(two)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  const lines = stdout.replaceAll(/[\d.]+ m?s/g, 'TIME').split('\n')
  expect(lines[0]).toMatch(/^check +status +time +result$/)
  expect(stdout).toMatch(/^database {2}pass {4}[\d.]+ m?s +database ok$/m)
  expect(stdout).toMatch(/^redis {5}pass {4}[\d.]+ m?s +redis ok$/m)
  expect(stdout).toMatch(/^ {4}\w+: .+$/m)
  expect(lines.at(-2)).toBe('healthy')
})

test('the environment comes before the file, and an empty variable counts as unset', async () => {
  writeVariables('.dev.vars', { ...stack.environment, DATABASE_HTTP_ENDPOINT: 'http://127.0.0.1:1/sql' })
  const { DATABASE_HTTP_ENDPOINT = '' } = stack.environment
  const args = ['--check', 'database']
  expect((await check(args)).exitCode).toBe(1)
  expect((await check(args, { DATABASE_HTTP_ENDPOINT })).exitCode).toBe(0)
  expect((await check(args, { DATABASE_HTTP_ENDPOINT: '' })).exitCode).toBe(1)
})

test('settings are read from wrangler.toml, then serverless.yml, then the file of secrets, then the environment', async () => {
  writeFileSync(
    join(folder, 'wrangler.toml'),
    `name = "health"
[vars]
HEALTH_CHECKS = "redis"
HEALTH_HOSTNAME = "toml"
HEALTH_TTL_PASS = 60
[env.staging.vars]
HEALTH_CHECKS = "database"
`,
  )
  writeVariables('.dev.vars', stack.environment)
  const asked = async (args: readonly string[], env: Record<string, string> = {}) => {
    const { stdout } = await check([...args, '--json'], env)
    const { hostname, results } = JSON.parse(stdout)
    return [hostname, ...results.map(({ checker }: { checker: string }) => checker)]
  }
  expect(await asked([])).toEqual(['toml', 'redis'])
  const [hostname, ...checkers] = await asked(['--env', 'staging'])
  expect(hostname).not.toBe('toml')
  expect(checkers).toEqual(['database'])
  writeFileSync(
    join(folder, 'serverless.yml'),
    `provider:
  environment:
    HEALTH_CHECKS: \${env:HEALTH_CHECKS, 'redis,database'}
    HEALTH_HOSTNAME: \${self:service}
    DATABASE_URL: \${env:DATABASE_URL, ''}
    HEALTH_REDIS_WRITE: !If [isTest, 'on', 'off']
`,
  )
  expect(await asked([])).toEqual(['toml', 'redis', 'database'])
  writeVariables('.dev.vars', { ...stack.environment, HEALTH_HOSTNAME: 'file' })
  expect(await asked([])).toEqual(['file', 'redis', 'database'])
  expect(await asked([], { HEALTH_HOSTNAME: 'shell' })).toEqual(['shell', 'redis', 'database'])
  writeVariables('.dev.vars.staging', { ...stack.environment, HEALTH_HOSTNAME: 'staging' })
  expect(await asked(['--env=staging'])).toEqual(['staging', 'redis', 'database'])
})

test('settings are read from wrangler.jsonc where wrangler itself would', async () => {
  writeVariables('.dev.vars', stack.environment)
  writeFileSync(join(folder, 'wrangler.toml'), '[vars]\nHEALTH_HOSTNAME = "toml"\n')
  writeFileSync(
    join(folder, 'wrangler.jsonc'),
    `{
  // As wrangler's own template writes it, with comments and a comma at the end.
  "vars": { "HEALTH_CHECKS": "redis", "HEALTH_HOSTNAME": "jsonc" },
  "env": { "staging": { "vars": { "HEALTH_CHECKS": "database", "HEALTH_HOSTNAME": "staging" } } },
}
`,
  )
  const hostnameWith = async (args: readonly string[]) =>
    JSON.parse((await check([...args, '--json'])).stdout).hostname
  expect(await hostnameWith([])).toBe('jsonc')
  expect(await hostnameWith(['--env', 'staging'])).toBe('staging')
  writeFileSync(join(folder, 'wrangler.jsonc'), '{\n  "vars": { "TOKEN": pl4nted-token }\n}\n')
  expect(await check([])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'error: wrangler.jsonc is not JSON (InvalidSymbol): see line 2, column 22.\n',
  })
  writeFileSync(join(folder, 'wrangler.jsonc'), '[]')
  expect((await check([])).stderr).toBe('error: wrangler.jsonc is not a JSON object.\n')
})

test('a wrangler.toml that cannot be used is refused without its text', async () => {
  writeFileSync(join(folder, 'wrangler.toml'), '[vars]\nTOKEN = pl4nted-token\n')
  expect(await check([])).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: 'error: wrangler.toml is not TOML: see line 2, column 9.\n',
  })
  writeFileSync(join(folder, 'wrangler.toml'), '[env.live]\n')
  expect((await check(['--env', 'lve'])).stderr).toBe(
    'error: --env: wrangler.toml has no environment lve; it has live.\n',
  )
  rmSync(join(folder, 'wrangler.toml'))
  expect((await check(['--env', 'live'])).stderr).toMatch(
    /^error: --env names an environment of wrangler\.toml/,
  )
})

test('a pipeline needs no file, and may name one', async () => {
  expect((await check(two, stack.environment)).exitCode).toBe(0)
  writeVariables('staging.env', stack.environment)
  expect((await check([...two, '--variables', 'staging.env'])).exitCode).toBe(0)
})

test('with --json it prints the body of the health check with details', async () => {
  const { exitCode, stdout } = await check([...two, '--json'], stack.environment)
  expect(exitCode).toBe(0)
  const body = JSON.parse(stdout)
  expect(body).toMatchObject({
    status: 'success',
    results: [
      { checker: 'database', passed: true, status: 'pass', code: 'ok', details: expect.any(Object) },
      { checker: 'redis', passed: true },
    ],
  })
})

test('named checks are run in the order of their names, also one that HEALTH_CHECKS leaves out', async () => {
  const { exitCode, stdout } = await check(['redis', 'database', '--check', 'redis', '--json'], {
    ...stack.environment,
    HEALTH_CHECKS: 'database',
  })
  expect(exitCode).toBe(0)
  expect(JSON.parse(stdout).results.map(({ checker }: { checker: string }) => checker)).toEqual([
    'redis',
    'database',
  ])
})

test('a wrong HEALTH_CHECKS is a failed result, and a warning where the checks are named', async () => {
  const env = { ...stack.environment, HEALTH_CHECKS: 'database,mail' }
  const all = await check([], env)
  expect(all).toMatchObject({ exitCode: 1, stderr: '' })
  expect(all.stdout).toMatch(/\nunhealthy: migrations, celery, configuration\n$/)
  const named = await check(['redis'], env)
  expect(named).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/^Warning: HEALTH_CHECKS: expected names among [^\n]+\n$/),
  })
})

test('what fails is named, with a reason, and exit code 1', async () => {
  const { exitCode, stdout } = await check(two, { ...stack.environment, UPSTASH_REDIS_REST_TOKEN: 'wrong' })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(
    /^redis +fail .*redis could not be asked: the credentials were refused \(unauthorized\)$/m,
  )
  expect(stdout).toMatch(/\nunhealthy: redis\n$/)
})

test('nothing that is secret is printed, whatever goes wrong', async () => {
  const secrets = { password: 'pl4nted-password', token: 'pl4nted-token', health: 'pl4nted-health-token' }
  const environment = {
    DATABASE_URL: `postgres://someone:${secrets.password}@127.0.0.1:1/app`,
    DATABASE_HTTP_ENDPOINT: stack.environment['DATABASE_HTTP_ENDPOINT'] ?? '',
    UPSTASH_REDIS_REST_URL: `redis://default:${secrets.token}@127.0.0.1:1`,
    UPSTASH_REDIS_REST_TOKEN: secrets.token,
    HEALTH_TOKEN: secrets.health,
  }
  const { exitCode, stdout, stderr } = await check([], environment)
  expect(exitCode).toBe(1)
  for (const secret of Object.values(secrets)) expect(stdout + stderr).not.toContain(secret)
})

test('with no variables at all every check says what is missing', async () => {
  const { exitCode, stdout } = await check([])
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/^database +fail .*\(not_configured\)$/m)
  expect(stdout).toContain('wrangler secret put DATABASE_URL')
  for (const said of [
    'secret put DATABASE_URL',
    'secret put UPSTASH_REDIS_REST_URL',
    'or leave celery and redis out',
  ])
    expect(stdout.split(said), said).toHaveLength(2)
  expect(stdout).toMatch(/^migrations .*\n {4}reason: as for database$/m)
  expect(stdout).not.toContain('mistakes')
  expect(stdout).toMatch(/\nunhealthy: database, migrations, celery, redis\n$/)
})

test('a wrong setting of the whole function is a failed result here as well', async () => {
  const { exitCode, stdout } = await check(two, { ...stack.environment, HEALTH_TTL_PASS: 'soon' })
  expect(exitCode).toBe(1)
  expect(stdout).toMatch(/\nunhealthy: configuration\n$/)
})

test('the expected schema is read from where compile writes it, or from the file that is named', async () => {
  const args = ['--check', 'migrations']
  const without = await check(args, stack.environment)
  expect(without.stdout).toMatch(/^migrations +fail .*\(not_configured\)$/m)
  // What `npm test` compiled: the example's, of which the empty database has nothing.
  const compiled = fileURLToPath(new URL('../../.edge-health/expected.json', import.meta.url))
  const named = await check([...args, '--expected', compiled], stack.environment)
  expect(named).toMatchObject({ exitCode: 1 })
  expect(named.stdout).toMatch(/^migrations +fail .* differences from the migrations \(drift\)$/m)
  expect(named.stdout).toMatch(/^ +fail {2}public\.\w+ {2}table {2}missing$/m)
  mkdirSync(join(folder, '.edge-health'))
  copyFileSync(compiled, join(folder, '.edge-health', 'expected.json'))
  expect((await check(args, stack.environment)).stdout).toContain('(drift)')
})

test('a folder in the place of the variables is a mistake of usage, not a check that fails', async () => {
  mkdirSync(join(folder, '.dev.vars'))
  for (const args of [[], ['--variables', '.dev.vars']]) {
    const { exitCode, stdout, stderr } = await check(args)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^error: .*\.dev\.vars cannot be read \(EISDIR\): make it a file .*\n$/)
  }
})

test.each([
  [
    ['--check', 'nonsense'],
    /^error: unknown check 'nonsense': the checks are database, migrations, celery, redis\n$/,
  ],
  [['redis', 'databse'], /^error: unknown check 'databse' \(Did you mean database\?\): the checks are /],
  [['--variables', 'nowhere'], /^error: --variables: there is no nowhere\.\n$/],
  [['--expected', 'nowhere'], /^error: nowhere is missing or no JSON/],
])('%j is refused with exit code 2', async (args, message) => {
  const { exitCode, stdout, stderr } = await check(args, stack.environment)
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

describe('a database of another provider than Neon', () => {
  const overTcp = (env: Record<string, string> = {}) =>
    check(['--check', 'database'], { DATABASE_URL: stack.postgres.url(), ...env })

  test('is asked over TCP, and nothing is left that keeps the command', async () => {
    const { exitCode, stdout, stderr } = await overTcp()
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^database {2}pass {4}[\d.]+ m?s +database ok$/m)
  })

  test('is reported while it is frozen, and the command ends', async () => {
    stack.postgres.freeze()
    const { exitCode, stdout } = await overTcp({ HEALTH_TIMEOUT_MS: '500' }).finally(stack.postgres.thaw)
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^database {2}fail .+ database did not answer in time \(timeout\)$/m)
  })
})
