import { CliCommand } from '../command.ts'
import { compileOptions } from '../compile/options.ts'
import { assertNode, compileNode } from '../node-version.ts'
import { collect } from '../option-values.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'
import type { GateWords } from './options.ts'

/** Where the gate differs from compile: it writes no file. */
const { output: _, force: __, minServer: ___, models: ____, casing: _____, ...shared } = compileOptions

/** `edge-health gate` */
export function gateCommand(): CliCommand {
  const command = new CliCommand('gate', {
    description: 'Measure what the pending migrations would do to the live database, which is only read',
    needs: ['@electric-sql/pglite', '@electric-sql/pglite-tools'],
    examples: [
      'edge-health gate --config ../../packages/db/drizzle.config.ts',
      'DATABASE_URL="$PRODUCTION_DATABASE_URL" edge-health gate && npx drizzle-kit migrate',
      'edge-health gate --json',
      'edge-health gate --markdown gate.md --warn-at rewrite=50MB --fail-at rewrite=1GB',
      'edge-health gate --allow breaks_running_release:public.orders.note',
    ],
    exitCodes: [
      '0 pass or warn, or nothing is pending',
      '1 a migration fails the gate, or production differs from its migrations',
      '2 usage, configuration, or migrations that cannot be replayed',
      '4 production cannot be asked',
    ],
  })
  for (const option of Object.values(shared)) command.addOption(option)
  return command
    .option(
      '--driver <NAME>',
      'The driver that migrates: neon-http has no transaction; node-postgres when absent',
    )
    .option(
      '--warn-at <SIZES>',
      'From how much on work is a warning: rewrite=20MB,scan=200MB,build=500k,rows=100k',
    )
    .option('--fail-at <SIZES>', 'From how much on work stops: rewrite=200MB,scan=2GB,build=5M,rows=1M')
    .option('--allow <CODE:OBJECT>', 'Accept this finding, in this run; may be repeated', collect)
    .option(
      '--variables <FILE>',
      'Variables to read instead of .dev.vars or .env; the environment itself comes first',
    )
    .option('--env <NAME>', 'The environment of wrangler.toml whose [vars] are read')
    .option('--json', 'Print one JSON document instead (docs/gate.schema.json)')
    .option('--markdown <FILE>', 'Also write the report in Markdown, for a comment on a pull request')
    .action(async (words: GateWords) => {
      exitOnInterrupt()
      assertNode('gate', compileNode)
      const { gate } = await import('./gate.ts')
      process.exitCode = await gate(words)
    })
}
