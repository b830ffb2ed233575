import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runBin } from '../run-bin.ts'

let root: string
const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' })
const write = (path: string, text: string) => writeFileSync(join(root, path), text)
const init = (...args: string[]) => runBin(['init', 'health', ...args], { cwd: root })

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'edge-health-init-git-'))
  git('init', '--quiet')
  write('drizzle.config.ts', '')
  mkdirSync(join(root, 'health'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

test.each([
  [[], ['.dev.vars', '.dev.vars.staging'], '.dev.vars.example'],
  [['--lambda'], ['.env', '.env.local'], '.env.example'],
])(
  'with %j `git add --all` takes no secret and nothing that is made anew',
  async (options, secrets, example) => {
    expect((await init(...options)).exitCode).toBe(0)
    mkdirSync(join(root, 'health/.edge-health'))
    write('health/.edge-health/expected.json', '{}')
    for (const name of secrets) write(`health/${name}`, 'HEALTH_TOKEN=planted')
    write('health/.edge-health/gate-allow.json', '[]')
    git('add', '--all')
    const added = git('ls-files').split('\n')
    expect(added).toContain(`health/${example}`)
    expect(added).toContain('health/.gitignore')
    expect(added).toContain('health/.edge-health/gate-allow.json')
    for (const name of [...secrets, '.edge-health/expected.json'])
      expect(added).not.toContain(`health/${name}`)
  },
)

test('a .gitignore that exists keeps its lines and gets those that it does not have, once', async () => {
  write('health/.gitignore', '/node_modules\n.wrangler')
  const { stdout } = await init()
  expect(stdout).toContain('extended health/.gitignore')
  const extended =
    '/node_modules\n.wrangler\n.dev.vars*\n!.dev.vars.example\n.edge-health/*\n!.edge-health/gate-allow.json\n'
  expect(readFileSync(join(root, 'health/.gitignore'), 'utf8')).toBe(extended)
  expect((await init()).stdout).toContain('kept     health/.gitignore')
  expect(readFileSync(join(root, 'health/.gitignore'), 'utf8')).toBe(extended)
})

test.each([
  [[], '.dev.vars'],
  [['--lambda'], '.env'],
])('with %j it refuses when git has %s, and writes nothing', async (options, name) => {
  write(`health/${name}`, 'HEALTH_TOKEN=planted')
  git('add', `health/${name}`)
  expect(await init(...options)).toEqual({
    exitCode: 2,
    stdout: '',
    stderr: `error: health/${name} is tracked by git, and it would hold every secret. Run git rm --cached health/${name}, commit, replace the secrets that were in it, and run init again.\n`,
  })
  expect(existsSync(join(root, 'health/.gitignore'))).toBe(false)
  git('rm', '--cached', '--quiet', `health/${name}`)
  expect((await init(...options)).exitCode).toBe(0)
})
