import { CommanderError } from 'commander'
import { explainMissingPackage } from './missing-package.ts'
import { createCommands, createProgram } from './program.ts'
import { painter } from './terminal/terminal.ts'
import { UsageError } from './usage-error.ts'

/**
 * Runs what the command line says. The exit code is `process.exitCode`: the command's own, or 2 when the command line was
 * not understood.
 *
 * @param args the arguments after the bin's own name
 */
export async function run(args: readonly string[], version: string): Promise<void> {
  try {
    await dispatch(args, version)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${painter(process.stderr)('red', 'error')}: ${error.message}\n`)
    process.exitCode = 2
  }
}

/** @throws {UsageError} when the command line was not understood, or a package is missing */
export async function dispatch(args: readonly string[], version: string): Promise<void> {
  const words = args[0] === 'help' ? [...args.slice(1, 2), '--help'] : args
  const commands = createCommands()
  const command = commands.find((each) => each.name() === words[0])
  // Without a command the first word decides alone: `smok --help` is a mistake, too.
  const understood = command ? words : words.slice(0, 1)
  try {
    await createProgram(version, commands).parseAsync(understood, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw (command && (await explainMissingPackage(command.name(), error, command.needs))) ?? error
    }
    // Help or the version were asked for and printed.
    if (error.exitCode === 0) return
    if (error.code !== 'commander.help') throw new UsageError(sentence(error))
    process.exitCode = 2
  }
}

/** One line, with a way on. */
function sentence({ code, message }: CommanderError): string {
  const line = message
    .replace(/^error: /, '')
    // Of a mistyped `--token=…` the name alone.
    .replace(/^(unknown option '--[\w-]+)=.*'/s, "$1'")
    .replace(/\s*\n/g, ' ')
  return code === 'commander.unknownCommand' && !line.endsWith('?)')
    ? `${line} (see edge-health --help)`
    : line
}
