import type { Command } from './command.ts'

/** The commands in the order of the help. Each is loaded only when it is asked for. */
export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./commands/start.ts')).command,
  compile: async () => (await import('./commands/compile.ts')).command,
  bundle: async () => (await import('./commands/bundle.ts')).command,
  check: async () => (await import('./commands/check.ts')).command,
  smoke: async () => (await import('./commands/smoke.ts')).command,
  init: async () => (await import('./commands/init.ts')).command,
}
