import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { commands } from '../../src/cli/commands.ts'
import { dispatch } from '../../src/cli/run-command.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { runBin } from './run-bin.ts'

const names = Object.keys(commands)
const colour = '\u001b'

test('the help names every command', async () => {
  const { exitCode, stdout, stderr } = await runBin(['--help'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  for (const name of names) expect(stdout).toContain(name)
})

test('the commands are those of the documentation', () => {
  expect(names).toEqual(['start', 'compile', 'bundle', 'check', 'smoke', 'init'])
})

test.each(names)('the help of %s has examples, exit codes and every option, and no colours', async (name) => {
  const load = commands[name]
  const { stdout, exitCode } = await runBin([name, '--help'], { env: { FORCE_COLOR: '1' } })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/EXAMPLES\n\n {2}.*edge-health/)
  expect(stdout).toContain('EXIT CODES')
  expect(stdout).not.toContain(colour)
  expect(stdout).not.toMatch(/[ \t]\n/)
  const args: Record<string, { type?: string }> = (await load?.())?.definition.args as never
  for (const [option, { type }] of Object.entries(args)) {
    expect(stdout).toContain(type === 'positional' ? option.toUpperCase() : `--${option}`)
  }
})

test('help is found before the command, behind it, and behind wrong options', async () => {
  const direct = await runBin(['smoke', '--help'])
  expect(await runBin(['help', 'smoke'])).toEqual(direct)
  expect(await runBin(['smoke', '--nonsense', '-h'])).toEqual(direct)
})

test('the version is the package’s', async () => {
  expect((await runBin(['--version'])).stdout).toBe(`${manifest.version}\n`)
})

test('no command at all prints the help to stderr with exit code 2', async () => {
  const { exitCode, stdout, stderr } = await runBin([])
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
  expect(stderr).toContain('COMMANDS')
})

test.each([
  [['smok'], 'Unknown command smok. Did you mean smoke?'],
  [['comple'], 'Unknown command comple. Did you mean compile?'],
  [['deploy'], 'Unknown command deploy. See edge-health --help.'],
  [['toString'], 'Unknown command toString. See edge-health --help.'],
  [['--json'], 'Unknown option --json before a command. See edge-health --help.'],
  [
    ['smoke', 'http://127.0.0.1', '--expect-relase', 'x'],
    'Unknown option --expect-relase. Did you mean --expect-release?',
  ],
  [['smoke', 'http://127.0.0.1', '--no-token'], 'Unknown option --no-token.'],
  [['smoke'], 'Missing required positional argument: URL. See --help.'],
  [['smoke', 'a', 'b'], '"b" is one argument too many.'],
  [['smoke', 'http://127.0.0.1', '--expect-release', ''], '--expect-release needs a value.'],
  [['smoke', 'http://127.0.0.1', '--expect-release='], '--expect-release needs a value.'],
  [
    ['smoke', 'http://127.0.0.1', '--token', '--json'],
    '--token needs a value (one that begins with a dash is written --token=VALUE).',
  ],
  [['check', '--jsn'], 'Unknown option --jsn. Did you mean --json?'],
  [['init', '--lamda'], 'Unknown option --lamda. Did you mean --lambda?'],
  [['compile', '--miggrations', 'x'], 'Unknown option --miggrations. Did you mean --migrations?'],
  [['start', '--port', '80'], 'Unknown option --port.'],
])('%j is refused', async (args, message) => {
  await expect(dispatch(args, '1.2.3')).rejects.toThrow(new UsageError(message))
})

test('what is refused is one sentence on stderr, with exit code 2', async () => {
  const stderr = 'error: Unknown command smok. Did you mean smoke?\n'
  expect(await runBin(['smok'])).toEqual({ exitCode: 2, stdout: '', stderr })
})

test('a reader that goes away changes nothing about the exit code', async () => {
  const args = ['smoke', 'http://127.0.0.1:1/', '--timeout', '1s', '--interval', '100ms']
  const closed = await runBin(args, { onStart: (child) => child.stdout?.destroy() })
  expect(closed).toMatchObject({ exitCode: 4, stderr: '' })
})
