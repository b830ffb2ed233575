import { CliCommand } from '../command.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'
import { UsageError } from '../usage-error.ts'

interface AlertWords {
  readonly test?: boolean
  readonly variables?: string
  readonly env?: string
}

/** `edge-health alert --test` */
export const alertCommand = (): CliCommand =>
  new CliCommand('alert', {
    description: 'Send a test message through every alert channel, and say what each answered',
    examples: ['edge-health alert --test'],
    exitCodes: ['0 every channel took it', '1 a channel did not', '2 usage'],
  })
    .option('--test', 'Send the test message: people will see it')
    .option(
      '--variables <FILE>',
      'Variables to read instead of .dev.vars or .env; the environment itself comes first',
    )
    .option('--env <NAME>', 'The environment of wrangler.toml whose [vars] are read')
    .action(async ({ test, ...options }: AlertWords) => {
      if (!test) throw new UsageError('alert needs --test: it sends a message that people will see.')
      exitOnInterrupt()
      const { testAlerts } = await import('./test-alerts.ts')
      process.exitCode = await testAlerts(options)
    })
