import { defineCommand } from 'citty'
import type { Command } from '../command.ts'
import { assertNode } from '../node-version.ts'
import { exitOnInterrupt } from '../terminal.ts'
import { UsageError } from '../usage-error.ts'

/** `edge-health compile` */
export const command: Command = {
  definition: defineCommand({
    meta: { name: 'compile', description: 'Make the expected schema from your Drizzle migrations' },
    args: {
      config: {
        type: 'string',
        valueHint: 'FILE',
        description: 'drizzle.config to read; DRIZZLE_CONFIG, else the one in this folder, when absent',
      },
      migrations: { type: 'string', valueHint: 'DIR', description: 'The migrations; then no config is read' },
      models: {
        type: 'string',
        valueHint: 'FILE…',
        description: 'Files, folders or patterns of the models; several may follow',
      },
      ledger: {
        type: 'string',
        valueHint: 'SCHEMA.TABLE',
        description: 'Applied migrations; drizzle.__drizzle_migrations when absent',
      },
      casing: {
        type: 'string',
        valueHint: 'CASING',
        description: 'snake_case or camelCase, as in the config',
      },
      schemas: {
        type: 'string',
        valueHint: 'NAMES',
        description: 'Schemas to compare; public and those that the migrations make when absent',
      },
      preset: {
        type: 'string',
        valueHint: 'neon',
        description: 'Supply what the platform provides, by its name',
      },
      prelude: { type: 'string', valueHint: 'FILE', description: 'SQL to run before the migrations' },
      skip: {
        type: 'string',
        valueHint: 'PATTERN',
        description: 'Leave out statements that match this regular expression',
      },
      compare: {
        type: 'string',
        valueHint: 'KINDS',
        description: 'Also compare access, column order, comment, grant, owner or statistics target',
      },
      'include-partitions': { type: 'boolean', description: 'Also compare partitions' },
      'min-server': {
        type: 'string',
        valueHint: 'VERSION',
        description: 'Oldest major version of Postgres that will be asked; 15 when absent',
      },
      output: {
        type: 'string',
        valueHint: 'FILE',
        description: 'Where to write; .edge-health/expected.json when absent',
      },
      force: { type: 'boolean', description: 'Compile even when nothing has changed' },
    },
    async run({ rawArgs }) {
      exitOnInterrupt()
      assertNode('compile', [22, 15])
      const { compile, parseCompileArguments } = await import('../compile.ts')
      return compile(usage(() => parseCompileArguments(rawArgs)))
    },
  }),
  // `--models src/*.ts`: the shell makes several words of it.
  takesRest: true,
  examples: [
    'edge-health compile',
    'edge-health compile --config ../../packages/db/drizzle.config.ts',
    "edge-health compile --migrations drizzle --models 'src/models/*.ts' --casing snake_case",
    'edge-health compile --preset neon --skip "create extension.*pg_cron"',
  ],
  exitCodes: ['0 written or unchanged', '1 the migrations cannot be compiled', '2 usage'],
}

function usage<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}
