import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { bin, runBin, runProgram } from '../cli/run-bin.ts'
import { leaksIn } from '../support/leaks.ts'
import { type PlantedTargets, startPlantedTargets, talkative } from './planted.ts'

let targets: PlantedTargets
beforeAll(async () => {
  targets = await startPlantedTargets()
})
afterAll(() => targets?.close())

const everywhere = () => [...targets.secrets(), ...targets.dsnParts]

/** A project of the user's own, in which the packages of this repository are installed. */
function project(config: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'health-terminal-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  symlinkSync(resolve('node_modules'), join(directory, 'node_modules'))
  symlinkSync(resolve('example/drizzle'), join(directory, 'drizzle'))
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}')
  writeFileSync(join(directory, 'drizzle.config.ts'), config)
  return directory
}

/** A configuration whose code prints the connection string, and then ends in the given way. */
const talking = (end: string) => `
const text = 'cannot connect to ' + process.env.DATABASE_URL
console.log(text)
console.error(text)
${end}
export default { dialect: 'postgresql', out: './drizzle' }
`
const throwing = 'throw new Error(text)'
const exiting = 'process.exit(1)'

describe('nothing that was planted leaves the terminal', () => {
  it.each([
    { how: 'check, as JSON', args: ['check', '--json'] },
    { how: 'check, as a table', args: ['check'] },
    { how: 'doctor, as JSON', args: ['doctor', '--json'] },
    { how: 'doctor, as a table', args: ['doctor', '--every', '60'] },
  ])('edge-health $how', async ({ args }) => {
    onTestFinished(() => targets.repair())
    const body = JSON.stringify({ message: talkative(targets), code: 'XX000' })
    for (const fault of [undefined, { kind: 'answer', status: 400, body } as const]) {
      await targets.stack.sqlProxy.set(fault)
      const words = [...args, '--expected', targets.deployable.expected]
      const { stdout, stderr } = await runBin(words, { env: targets.variables })
      expect(stdout).toContain('migrations')
      expect(leaksIn(stdout + stderr, everywhere())).toEqual([])
    }
  })

  it.each([
    { what: 'prints and throws', end: throwing, exitCode: 1 },
    { what: 'prints and exits', end: exiting, exitCode: 1 },
    { what: 'prints', end: '', exitCode: 0 },
  ])('edge-health compile, with a configuration that $what', async ({ end, exitCode }) => {
    const cwd = project(talking(end))
    const ran = await runProgram(process.execPath, [bin, 'compile'], { cwd, env: targets.variables })
    expect(ran.exitCode, ran.stderr).toBe(exitCode)
    expect(ran.stdout + ran.stderr).toMatch(
      exitCode === 0 ? /expected\.json written/ : /drizzle\.config.* cannot be read/,
    )
    expect(leaksIn(ran.stdout + ran.stderr, everywhere())).toEqual([])
    if (exitCode === 0) {
      const written = readFileSync(join(cwd, '.edge-health/expected.json'), 'utf8')
      expect(leaksIn(written, everywhere())).toEqual([])
    }
  })

  it.each([{ platform: [] }, { platform: ['--lambda'] }])('edge-health init %j', async ({ platform }) => {
    const url = targets.variables['DATABASE_URL']
    const cwd = project(`export default { out: './drizzle', dbCredentials: { url: '${url}' } }`)
    mkdirSync(join(cwd, '.git'))
    mkdirSync(join(cwd, 'health'))
    const ran = await runBin(['init', 'health', ...platform], { cwd, env: targets.variables })
    expect(ran.stdout, ran.stderr).toContain('written')
    const files = readdirSync(join(cwd, 'health'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    expect(files.length).toBeGreaterThan(3)
    expect(leaksIn(ran.stdout + ran.stderr + files.join('\n'), everywhere())).toEqual([])
  })

  const deploy = (cwd: string, drizzleConfig: string) => {
    const further = {
      DRIZZLE_CONFIG: drizzleConfig,
      SENTRY_RELEASE: '4f2a91c',
      WRANGLER_SEND_METRICS: 'false',
    }
    const args = [resolve('src/release/deploy.ts'), 'worker', '--dry-run']
    return runProgram(process.execPath, args, { cwd, env: { ...targets.variables, ...further } })
  }

  it('npm run deploy:worker -- --dry-run', async () => {
    const { exitCode, stdout, stderr } = await deploy(process.cwd(), 'example/drizzle.config.ts')
    expect(exitCode, stderr).toBe(0)
    expect(stdout).toContain('env.SENTRY_RELEASE')
    expect(leaksIn(stdout + stderr, everywhere())).toEqual([])
  })

  it('npm run deploy:worker, with a configuration that prints and throws', async () => {
    const { exitCode, stdout, stderr } = await deploy(project(talking(throwing)), 'drizzle.config.ts')
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^error: .*drizzle\.config.* cannot be read/)
    expect(leaksIn(stdout + stderr, everywhere())).toEqual([])
  })
})
