import { defineCommand } from 'citty'
import type { Command } from '../command.ts'
import { compileArguments, readCompileOptions } from '../compile/options.ts'
import { assertNode } from '../node-version.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'

/** `edge-health compile` */
export const command: Command = {
  definition: defineCommand({
    meta: { name: 'compile', description: 'Make the expected schema from your Drizzle migrations' },
    args: compileArguments,
    async run({ rawArgs }) {
      exitOnInterrupt()
      assertNode('compile', [22, 15])
      const options = readCompileOptions(rawArgs)
      const { compile } = await import('../compile/compile.ts')
      return compile(options)
    },
  }),
  // `--models src/*.ts`: the shell makes several words of it.
  takesRest: true,
  needs: ['@electric-sql/pglite', '@electric-sql/pglite-tools'],
  examples: [
    'edge-health compile',
    'edge-health compile --config ../../packages/db/drizzle.config.ts',
    "edge-health compile --migrations drizzle --models 'src/models/*.ts' --casing snake_case",
    'edge-health compile --preset neon --skip "create extension.*pg_cron"',
  ],
  exitCodes: [
    '0 written or unchanged',
    '1 the migrations cannot be compiled',
    '2 usage, or a package is missing',
  ],
}
