import { stripVTControlCharacters } from 'node:util'
import { type CommandDef, renderUsage } from 'citty'
import type { Command } from './command.ts'
import { commands } from './commands.ts'

/** The help of the bin, or of one command, with examples; decorated only for a terminal that shows it. */
export async function renderHelp(
  root: CommandDef,
  command: Command | undefined,
  colours: boolean,
): Promise<string> {
  const usage = command
    ? await renderUsage(command.definition, root)
    : await renderUsage(await withCommands(root))
  const text = [usage.trimEnd(), ...(command ? sections(command) : [])].join('\n\n')
  // citty decorates by the environment alone, also into a pipe.
  const decorated = colours ? text : stripVTControlCharacters(text)
  return `${decorated.replace(/[ \t]+$/gm, '')}\n`
}

async function withCommands(root: CommandDef): Promise<CommandDef> {
  const loaded = Object.entries(commands).map(
    async ([name, load]) => [name, (await load()).definition] as const,
  )
  return { ...root, subCommands: Object.fromEntries(await Promise.all(loaded)) }
}

const sections = ({ examples, exitCodes }: Command): string[] =>
  [section('EXAMPLES', examples), section('EXIT CODES', exitCodes)].filter(Boolean)

const section = (title: string, lines: readonly string[]): string =>
  lines.length > 0 ? [title, '', ...lines.map((line) => `  ${line}`)].join('\n') : ''
