import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parseCompileArguments } from '../../src/cli/compile.ts'
import { below, journalFiles, temporaryFolder } from '../compile/folders.ts'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

function run(directory: string, ...args: string[]) {
  const { DRIZZLE_CONFIG: _, ...env } = process.env
  return spawnSync(process.execPath, [program, 'compile', ...args], { cwd: directory, env, encoding: 'utf8' })
}

describe('the arguments', () => {
  it('take lists with commas, repeated, and as the shell writes them', () => {
    expect(
      parseCompileArguments([
        '--models',
        'a.ts',
        'b.ts',
        '--models',
        'c.ts,d.ts',
        '--schemas',
        'public, shop',
      ]),
    ).toMatchObject({
      models: ['a.ts', 'c.ts', 'd.ts', 'b.ts'],
      schemas: ['public', 'shop'],
    })
  })

  it('are the options of the compile', () => {
    expect(
      parseCompileArguments([
        '--migrations',
        'm',
        '--ledger',
        'a.b',
        '--min-server',
        '15',
        '--include-partitions',
        '--compare',
        'comment',
        '--skip',
        'x',
      ]),
    ).toMatchObject({
      migrations: 'm',
      ledger: 'a.b',
      minServer: 15,
      includePartitions: true,
      compare: ['comment'],
      skip: 'x',
    })
  })
})

describe('the command', () => {
  it('compiles once and then says that nothing has changed; only that is on stdout', () => {
    const directory = temporaryFolder({ ...below('m', journalFiles({ '0000_a': 'create table a ()' })) })
    const first = run(directory, '--migrations', 'm')
    expect(first).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/^Warning: The models are not compared: no models are named.*\n$/),
    })
    expect(first.stdout).toMatch(
      /^\.edge-health\/expected\.json written: 1 migration, 1 table, schema public, models not compared, .*\n$/,
    )
    const second = run(directory, '--migrations', 'm')
    expect(second.stdout).toBe(first.stdout.replace('written', 'unchanged'))
    expect(second).toMatchObject({ status: 0, stderr: first.stderr })
  }, 120_000)

  it('says in one sentence what is wrong, with exit code 1', () => {
    const directory = temporaryFolder()
    expect(run(directory)).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^There is no drizzle\.config\.ts in .*: name yours with --config FILE.*\n$/,
      ),
    })
  })

  it.each([['--colour', 'red'], ['--migrations'], ['stray'], ['--min-server', '9']])(
    'refuses %s as a mistake of usage, with exit code 2',
    (...args) => {
      const { status, stdout, stderr } = run(temporaryFolder(), ...args)
      expect(status).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^error: .*\n$/)
    },
  )

  it('has a help text that names every option', () => {
    const { status, stdout } = run(temporaryFolder(), '--help')
    expect(status).toBe(0)
    for (const option of [
      'config',
      'migrations',
      'models',
      'ledger',
      'casing',
      'schemas',
      'preset',
      'prelude',
      'skip',
      'compare',
      'include-partitions',
      'min-server',
      'output',
      'force',
    ]) {
      expect(stdout).toContain(`--${option}`)
    }
  })
})
