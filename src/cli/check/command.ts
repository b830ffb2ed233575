import { commaList } from '../comma-list.ts'
import { CliCommand } from '../command.ts'
import { collectWords } from '../option-values.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'

interface CheckWords {
  readonly check?: readonly string[]
  readonly variables?: string
  readonly env?: string
  readonly expected?: string
  readonly entry?: string
  readonly json?: boolean
  readonly fixSql?: boolean
}

/** `edge-health check [NAME…]` */
export const checkCommand = (): CliCommand =>
  new CliCommand('check', {
    description: 'Run the configured checks from here, once, and say what they found',
    examples: [
      'edge-health check',
      'edge-health check database migrations --json',
      'edge-health check --entry src/worker.ts',
      'edge-health check --fix-sql > fix.sql',
      'DATABASE_URL="$STAGING_DATABASE_URL" edge-health check migrations && wrangler deploy',
    ],
    exitCodes: ['0 every check passes or warns', '1 a check fails', '2 usage'],
  })
    .argument('[NAME...]', 'Only these checks, also those that HEALTH_CHECKS leaves out')
    .option('--check <NAMES>', 'The same, comma-separated', collectWords)
    // Not --env-file: Node takes that option for its own wherever it stands on the command line.
    .option(
      '--variables <FILE>',
      'Variables to read instead of .dev.vars or .env; the environment itself comes first',
    )
    .option('--env <NAME>', 'The environment of wrangler.toml whose [vars] are read')
    .option('--expected <FILE>', 'The expected schema, when not in .edge-health/expected.json')
    .option('--entry <FILE>', 'The file that exports your function: runs your own checks too (src/worker.ts)')
    .option('--json', 'Print the body of the health check instead, with details')
    .option(
      '--fix-sql',
      'Print the fixes of the migrations check as one SQL transaction instead; nothing is run',
    )
    .action(
      async (names: string[], { check: more = [], json = false, fixSql = false, ...files }: CheckWords) => {
        exitOnInterrupt()
        const { check } = await import('./check.ts')
        try {
          process.exitCode = await check({ ...files, check: [...commaList(names), ...more], json, fixSql })
        } finally {
          // An entry file may have opened what keeps a process alive, a pool or a server for example. An error
          // is printed first, so the process ends a moment later.
          if (files.entry !== undefined) setImmediate(() => process.exit())
        }
      },
    )
