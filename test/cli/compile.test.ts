import { describe, expect, it } from 'vitest'
import { compileCommand } from '../../src/cli/compile/command.ts'
import { compileOptions, toCompileOptions } from '../../src/cli/compile/options.ts'
import { below, journalFiles, temporaryFolder } from '../compile/folders.ts'
import { runBin } from './run-bin.ts'

const run = (cwd: string, ...args: string[]) => runBin(['compile', ...args], { cwd })

const read = (args: readonly string[]) => {
  const command = compileCommand().action(() => {})
  return toCompileOptions(command.parse(args, { from: 'user' }).opts())
}

describe('the options', () => {
  it.each(Object.values(compileOptions))('$long reaches the compile', ({ long, required }) => {
    const given = Object.values(read([long ?? '', ...(required ? ['17'] : [])]))
    expect(given.filter((value) => value !== undefined)).toHaveLength(1)
  })

  it('take lists: models as the shell writes them, since a comma may stand in a pattern, names with commas', () => {
    const args = ['--models', 'a.ts', 'b.ts', '--models', 'src/{c,d}.ts', '--schemas', 'public, shop']
    expect(read([...args, '--schemas', 'ops', '--compare', 'comment'])).toMatchObject({
      models: ['a.ts', 'b.ts', 'src/{c,d}.ts'],
      schemas: ['public', 'shop', 'ops'],
      compare: ['comment'],
    })
  })

  it('are nothing where nothing is given', () => {
    expect(Object.values(read([])).filter((value) => value !== undefined)).toEqual([])
  })
})

describe('the command', () => {
  it('compiles once and then says that nothing has changed; only that is on stdout', async () => {
    const directory = temporaryFolder({ ...below('m', journalFiles({ '0000_a': 'create table a ()' })) })
    const first = await run(directory, '--migrations', 'm')
    expect(first).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^Warning: The models are not compared: no models are found: .*\n$/),
    })
    expect(first.stdout).toMatch(
      /^\.edge-health\/expected\.json written: 1 migration, 1 table, schema public, models not compared, .*\n$/,
    )
    const second = await run(directory, '--migrations', 'm')
    expect(second.stdout).toBe(first.stdout.replace('written', 'unchanged'))
    expect(second).toMatchObject({ exitCode: 0, stderr: first.stderr })
  })

  it('says in one sentence what is wrong, with exit code 1', async () => {
    const directory = temporaryFolder()
    expect(await run(directory)).toMatchObject({
      exitCode: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^There is no drizzle\.config\.ts in .*: name yours with --config FILE.*\n$/,
      ),
    })
  })

  it.each([['--colour', 'red'], ['--migrations'], ['stray'], ['--min-server', '9']])(
    'refuses %s as a mistake of usage, with exit code 2',
    async (...args) => {
      const { exitCode, stdout, stderr } = await run(temporaryFolder(), ...args)
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^error: .*\n$/)
    },
  )
})
