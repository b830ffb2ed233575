import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { createCommands } from '../../src/cli/program.ts'
import { dispatch } from '../../src/cli/run.ts'
import { UsageError } from '../../src/cli/usage-error.ts'
import { runBin } from './run-bin.ts'

const names = createCommands().map((command) => command.name())
const colour = '\u001b'

test('the help names every command', async () => {
  const { exitCode, stdout, stderr } = await runBin(['--help'])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  for (const name of names) expect(stdout).toContain(name)
})

test('the commands are those of the documentation', () => {
  expect(names).toEqual([
    'start',
    'compile',
    'bundle',
    'check',
    'gate',
    'smoke',
    'history',
    'alert',
    'doctor',
    'init',
  ])
})

test.each(names)('the help of %s has examples, exit codes and every option, and no colours', async (name) => {
  const { stdout, exitCode } = await runBin([name, '--help'], { env: { FORCE_COLOR: '1' } })
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(/EXAMPLES\n\n {2}.*edge-health/)
  expect(stdout).toContain('EXIT CODES')
  expect(stdout).not.toContain(colour)
  expect(stdout).not.toMatch(/[ \t]\n/)
  const command = createCommands().find((each) => each.name() === name)
  const declared = [
    ...(command?.registeredArguments ?? []).map((argument) => argument.name().toUpperCase()),
    ...(command?.options ?? []).map(({ long }) => long),
  ]
  expect(declared).not.toEqual([])
  for (const word of declared) expect(stdout).toContain(word)
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
  [['smok'], "unknown command 'smok' (Did you mean smoke?)"],
  [['comple'], "unknown command 'comple' (Did you mean compile?)"],
  [['deploy'], "unknown command 'deploy' (see edge-health --help)"],
  [['deploy', '--help'], "unknown command 'deploy' (see edge-health --help)"],
  [['help', 'deploy'], "unknown command 'deploy' (see edge-health --help)"],
  [['toString'], "unknown command 'toString' (see edge-health --help)"],
  [['--json'], "unknown option '--json'"],
  [
    ['smoke', 'http://127.0.0.1', '--expect-relase', 'x'],
    "unknown option '--expect-relase' (Did you mean --expect-release?)",
  ],
  [['smoke', 'http://127.0.0.1', '--no-token'], "unknown option '--no-token' (Did you mean --token?)"],
  [['smoke', 'http://127.0.0.1', '--tokne=pl4nted-token'], "unknown option '--tokne'"],
  [['smoke'], "missing required argument 'URL'"],
  [['smoke', 'a', 'b'], "too many arguments for 'smoke'. Expected 1 argument but got 2."],
  [['smoke', 'http://127.0.0.1', '--expect-release', ''], '--expect-release needs a value.'],
  [['smoke', 'http://127.0.0.1', '--expect-release='], '--expect-release needs a value.'],
  [
    ['smoke', 'http://127.0.0.1', '--token', '--json'],
    '--token needs a value (one that begins with a dash is written --token=VALUE).',
  ],
  [['check', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
  [['init', '--lamda'], "unknown option '--lamda' (Did you mean --lambda?)"],
  [['compile', '--miggrations', 'x'], "unknown option '--miggrations' (Did you mean --migrations?)"],
  [['start', '--port', '80'], "unknown option '--port'"],
])('%j is refused', async (args, message) => {
  const refusal = await dispatch(args, '1.2.3').catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(UsageError)
  expect(refusal).toHaveProperty('message', message)
})

test('what is refused is one sentence on stderr, with exit code 2', async () => {
  const stderr = "error: unknown command 'smok' (Did you mean smoke?)\n"
  expect(await runBin(['smok'])).toEqual({ exitCode: 2, stdout: '', stderr })
})

test('a reader that goes away changes nothing about the exit code', async () => {
  const args = ['smoke', 'http://127.0.0.1:1/', '--timeout', '1s', '--interval', '100ms']
  const closed = await runBin(args, { onStart: (child) => child.stdout?.destroy() })
  expect(closed).toMatchObject({ exitCode: 4, stderr: '' })
})
