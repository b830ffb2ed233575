import { type CommandDef, parseArgs, runCommand } from 'citty'
import { assertKnownArguments } from './arguments.ts'
import type { Command } from './command.ts'
import { commands } from './commands.ts'
import { renderHelp } from './help.ts'
import { explainMissingPackage } from './missing-package.ts'
import { suggest } from './suggest.ts'
import { painter, wantsColours } from './terminal/terminal.ts'
import { UsageError } from './usage-error.ts'

/**
 * Runs what the command line says.
 *
 * @param rawArgs the arguments after the bin's own name
 * @returns the exit code; 2 when the command line was not understood
 */
export async function run(rawArgs: readonly string[], version: string): Promise<number> {
  try {
    return await dispatch(rawArgs, version)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`${painter(process.stderr)('red', 'error')}: ${error.message}\n`)
    return 2
  }
}

/** @throws {UsageError} when the command line was not understood, or a package is missing */
export async function dispatch(rawArgs: readonly string[], version: string): Promise<number> {
  const root: CommandDef = {
    meta: { name: 'edge-health', version, description: 'Can this application serve its users right now?' },
  }
  const [name, ...rest] = rawArgs[0] === 'help' ? [...rawArgs.slice(1, 2), '--help'] : rawArgs
  if (name === '--version' || name === '-v') return print(`${version}\n`)
  if (name === '--help' || name === '-h') return printHelp(root)
  if (name === undefined) {
    process.stderr.write(await renderHelp(root, undefined, wantsColours(process.stderr)))
    return 2
  }
  const command = await findCommand(name)
  if (asksForHelp(rest)) return printHelp(root, command)
  try {
    return await execute(command, rest)
  } catch (error) {
    throw explainMissingPackage(name, error, command.needs) ?? error
  }
}

async function findCommand(name: string): Promise<Command> {
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (load) return load()
  const meant = suggest(name, Object.keys(commands))
  const what = name.startsWith('-') ? `Unknown option ${name} before a command.` : `Unknown command ${name}.`
  throw new UsageError(`${what} ${meant ? `Did you mean ${meant}?` : 'See edge-health --help.'}`)
}

async function execute({ definition, takesRest }: Command, rawArgs: string[]): Promise<number> {
  const declared = definition.args as NonNullable<Parameters<typeof parseArgs>[1]>
  assertKnownArguments(rawArgs, declared, takesRest)
  try {
    parseArgs(rawArgs, declared)
  } catch (error) {
    // A required argument is missing; what `run` throws is not caught here.
    throw new UsageError(error instanceof Error ? `${error.message}. See --help.` : String(error))
  }
  const { result } = await runCommand(definition, { rawArgs })
  return typeof result === 'number' ? result : 0
}

/** Up to `--`, behind which everything is an argument. */
function asksForHelp(rawArgs: readonly string[]): boolean {
  const end = rawArgs.indexOf('--')
  return (end < 0 ? rawArgs : rawArgs.slice(0, end)).some((word) => word === '--help' || word === '-h')
}

async function printHelp(root: CommandDef, command?: Command): Promise<number> {
  return print(await renderHelp(root, command, wantsColours(process.stdout)))
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
