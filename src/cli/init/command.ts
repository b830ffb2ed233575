import { CliCommand } from '../command.ts'
import type { InitArguments } from './make-plan.ts'

type InitWords = Omit<InitArguments, 'directory' | 'lambda'> & { readonly lambda?: boolean }

/** `edge-health init [DIRECTORY]` */
export const initCommand = (): CliCommand =>
  new CliCommand('init', {
    description: 'Write what a repository needs to run the health check, and nothing else',
    examples: [
      'edge-health init apps/health',
      'edge-health init apps/health --name tickets-health --region aws:eu-central-1',
      'edge-health init apps/health --lambda --config packages/db/drizzle.config.ts',
    ],
    exitCodes: [
      '0 the files are there',
      '2 usage, no migrations found, secrets are tracked by git, or the folder belongs to another function',
    ],
  })
    .argument('[DIRECTORY]', 'Folder to write into; files that exist are kept as they are', '.')
    .option('--lambda', 'For AWS Lambda (serverless.yml) instead of Cloudflare Workers')
    .option('--name <NAME>', 'Name of the Worker or service')
    .option(
      '--region <REGION>',
      "Where the database is, such as aws:eu-central-1; the platform's choice when absent",
    )
    .option('--cron <CRON>', 'Schedule in UTC, "*/15 * * * *" when absent')
    .option('--config <FILE>', 'The drizzle.config to use, when there are several')
    .option('--migrations <DIR>', 'Folder of the migrations, for a project without a drizzle.config')
    .action(async (directory: string, { lambda = false, ...words }: InitWords) => {
      const { init } = await import('./init.ts')
      process.exitCode = await init({ ...words, directory, lambda })
    })
