import { defineCommand } from 'citty'
import { valuesOf } from '../arguments.ts'
import { commaList } from '../comma-list.ts'
import type { Command } from '../command.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'

// Not --env-file: Node takes that option for its own wherever it stands on the command line.
const args = {
  check: { type: 'string', valueHint: 'NAMES', description: 'Only these checks, comma-separated' },
  variables: {
    type: 'string',
    valueHint: 'FILE',
    description: 'Variables to read instead of .dev.vars or .env; the environment itself comes first',
  },
  expected: {
    type: 'string',
    valueHint: 'FILE',
    description: 'The expected schema, when not in .edge-health/expected.json',
  },
  json: { type: 'boolean', description: 'Print the body of the health check instead, with details' },
  'fix-sql': {
    type: 'boolean',
    description: 'Print the fixes of the migrations check as one SQL transaction instead; nothing is run',
  },
} as const

/** `edge-health check` */
export const command: Command = {
  definition: defineCommand({
    meta: {
      name: 'check',
      description: 'Run the configured checks from here, once, and say what they found',
    },
    args,
    async run({ args: words, rawArgs }) {
      exitOnInterrupt()
      const { check } = await import('../check/check.ts')
      return check({
        check: commaList(valuesOf(rawArgs, args, 'check')),
        variables: words.variables,
        expected: words.expected,
        json: Boolean(words.json),
        fixSql: Boolean(words['fix-sql']),
      })
    },
  }),
  examples: [
    'edge-health check',
    'edge-health check --check database,migrations --json',
    'edge-health check --fix-sql > fix.sql',
    'DATABASE_URL="$STAGING_DATABASE_URL" edge-health check --check migrations && wrangler deploy',
  ],
  exitCodes: ['0 every check passes or warns', '1 a check fails', '2 usage'],
}
