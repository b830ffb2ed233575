import { Command } from 'commander'
import { alertCommand } from './alert/command.ts'
import { bundleCommand } from './bundle/command.ts'
import { checkCommand } from './check/command.ts'
import type { CliCommand } from './command.ts'
import { compileCommand } from './compile/command.ts'
import { doctorCommand } from './doctor/command.ts'
import { gateCommand } from './gate/command.ts'
import { historyCommand } from './history/command.ts'
import { initCommand } from './init/command.ts'
import { smokeCommand } from './smoke/command.ts'
import { startCommand } from './start/command.ts'
import { painter, wantsColours } from './terminal/terminal.ts'

/** The commands in the order of the help. */
export const createCommands = (): readonly CliCommand[] => [
  startCommand(),
  compileCommand(),
  bundleCommand(),
  checkCommand(),
  gateCommand(),
  smokeCommand(),
  historyCommand(),
  alertCommand(),
  doctorCommand(),
  initCommand(),
]

/** The bin's commands and options. What is wrong with a command line is thrown, not printed. */
export function createProgram(version: string, commands: readonly CliCommand[]): Command {
  const program = new Command('edge-health')
    .description('Can this application serve its users right now?')
    .version(version, '-v, --version', 'Show the version')
    .helpOption('-h, --help', 'Show this help')
    .helpCommand(false)
    // Else `edge-health smoke URL --version` would print the version.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      getOutHasColors: () => wantsColours(process.stdout),
      getErrHasColors: () => wantsColours(process.stderr),
      outputError: () => {},
    })
    .configureHelp({
      styleTitle: (title) => painter(process.stdout)('bold', title.replace(/:$/, '').toUpperCase()),
      formatItemList: (heading, items, helper) =>
        items.length === 0 ? [] : [helper.styleTitle(heading), '', ...items, ''],
    })
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program))
  return program
}
