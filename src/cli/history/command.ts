import { CliCommand } from '../command.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'

interface HistoryWords {
  readonly key?: string
  readonly variables?: string
  readonly env?: string
  readonly json?: boolean
}

/** `edge-health history` */
export const historyCommand = (): CliCommand =>
  new CliCommand('history', {
    description: 'Print incidents and uptime from the store',
    examples: ['edge-health history', 'edge-health history --key edge-health:shop --json'],
    exitCodes: ['0 the history was printed', '1 there is none, or the store cannot be asked', '2 usage'],
  })
    .option(
      '--key <KEY>',
      'The beginning of the keys, where HEALTH_STORE_KEY is not set [edge-health:health-check]',
    )
    .option(
      '--variables <FILE>',
      'Variables to read instead of .dev.vars or .env; the environment itself comes first',
    )
    .option('--env <NAME>', 'The environment of wrangler.toml whose [vars] are read')
    .option('--json', 'Print JSON: seconds by day, and incidents')
    .action(async ({ json = false, ...options }: HistoryWords) => {
      exitOnInterrupt()
      const { printHistory } = await import('./history.ts')
      process.exitCode = await printHistory({ ...options, json })
    })
