import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leaksIn } from '../../support/leaks.ts'
import { startStack, type TestStack } from '../../support/stack.ts'
import { unhurried } from '../../support/unhurried.ts'
import { runBin } from '../run-bin.ts'

let stack: TestStack
let folder: string
beforeAll(async () => {
  stack = await startStack()
  folder = mkdtempSync(join(tmpdir(), 'edge-health-doctor-'))
  writeFileSync(join(folder, 'wrangler.toml'), '[triggers]\ncrons = ["*/10 * * * *"]\n')
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await stack?.close()
})

const doctor = (args: readonly string[] = [], env: Record<string, string> = {}) =>
  runBin(['doctor', ...args], {
    cwd: folder,
    env: { ...unhurried, ...stack.environment, HEALTH_CHECKS: 'database,redis', ...env },
  })

const planted = () => Object.entries(stack.environment).map(([name, value]) => ({ name, value }))

describe('edge-health doctor', () => {
  it('says what the variables lead to, what was found, which rights are missing and what a month costs', async () => {
    const { exitCode, stdout, stderr } = await doctor(['--every', '30', '--checkers', '16'])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(/^DATABASE_URL +set {2,}Postgres connection string/m)
    expect(stdout).toMatch(/^HEALTH_CHECKS +set +database,redis +Which checks exist here/m)
    expect(stdout).toMatch(/^HEALTH_TTL_PASS +default +27 /m)
    expect(stdout).toMatch(/^database +pass +[\d.]+ m?s +database ok$/m)
    expect(stdout).toMatch(/^Rights that are missing\n\nnone$/m)
    expect(stdout).toMatch(
      /^asked by +\*\/10 \* \* \* \* \(wrangler\.toml\); a monitor every 30 s from 16 places$/m,
    )
    expect(stdout).toMatch(
      /^database +kept awake for 720 of 720 hours: 180 CU-hours, \$19\.08 on Launch, \$39\.96 on Scale/m,
    )
    expect(stdout).toMatch(/^Redis +1,38\d,\d+ commands: \$2\.77; 277 % of the Free plan's 500,000$/m)
    expect(stdout).toMatch(/^\$\d+\.\d\d +HEALTH_DATABASE_TTL_PASS=3600/m)
    expect(leaksIn(stdout, planted())).toEqual([])
  })

  it('counts the cron alone without --every, and what the monitor asks with --asks', async () => {
    const [cron, asked] = await Promise.all([doctor(), doctor(['--every=60', '--asks=redis'])])
    expect(cron.stdout).toContain('no monitor (--every SECONDS counts one)')
    for (const { stdout } of [cron, asked]) expect(stdout).toContain('$9.58 on Launch')
  })

  it('prints the same as JSON', async () => {
    const { stdout } = await doctor(['--json', '--read-regions', '2'], { HEALTH_REDIS_WRITE: 'on' })
    const { variables, answer, rights, month } = JSON.parse(stdout)
    expect(variables).toContainEqual(expect.objectContaining({ variable: 'HEALTH_REDIS_WRITE', value: 'on' }))
    expect(answer.status).toBe('success')
    expect(rights).toEqual({ Redis: { missing: [] } })
    expect(month).toMatchObject({
      schedules: { file: 'wrangler.toml', crons: ['*/10 * * * *'] },
      estimate: { requests: 4320, redis: { application: { commands: 3 * 4320 } } },
    })
    expect(leaksIn(stdout, planted())).toEqual([])
  })

  it('exits with 1 when a check fails, and says what could not be tried', async () => {
    const { exitCode, stdout } = await doctor([], { UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:1' })
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Redis: could not be tried (unreachable)')
  })

  it('has no price for servers of other providers', async () => {
    const { stdout } = await doctor([], {
      DATABASE_HTTP_ENDPOINT: '',
      UPSTASH_REDIS_REST_URL: '',
      UPSTASH_REDIS_REST_TOKEN: '',
      REDIS_URL: stack.redis.url,
    })
    expect(stdout).toMatch(
      /^database +kept awake for \d+ of 720 hours; no price is known, since no host of Neon is configured$/m,
    )
    expect(stdout).toMatch(
      /^Redis +4,320 commands; no price is known, since no host of Upstash is configured$/m,
    )
    expect(stdout).toMatch(/^together +no price is known$/m)
  })

  it.each([
    [['--every', '0'], '--every expects a whole number from 1 to 86400'],
    [['--every', '30', '--checkers', 'x'], '--checkers expects a whole number'],
    [['--read-regions', '-1'], '--read-regions needs a value'],
    [
      ['--every', '30', '--asks', 'databse'],
      '--asks: there is no check of this name (Did you mean database?)',
    ],
  ])('refuses %j', async (args, message) => {
    expect(await doctor(args)).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    })
  })
})
