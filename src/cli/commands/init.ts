import { defineCommand } from 'citty'
import type { Command } from '../command.ts'
import { init } from '../init/init.ts'

/** `edge-health init [DIR]` */
export const command: Command = {
  definition: defineCommand({
    meta: {
      name: 'init',
      description: 'Write what a repository needs to run the health check, and nothing else',
    },
    args: {
      directory: {
        type: 'positional',
        required: false,
        default: '.',
        description: 'Folder to write into; files that exist are kept as they are',
      },
      lambda: {
        type: 'boolean',
        description: 'For AWS Lambda (serverless.yml) instead of Cloudflare Workers',
      },
      name: { type: 'string', valueHint: 'NAME', description: 'Name of the Worker or service' },
      region: {
        type: 'string',
        valueHint: 'REGION',
        description: "Where the database is, such as aws:eu-central-1; the platform's choice when absent",
      },
      cron: { type: 'string', valueHint: 'CRON', description: 'Schedule in UTC, "*/15 * * * *" when absent' },
      config: {
        type: 'string',
        valueHint: 'FILE',
        description: 'The drizzle.config to use, when there are several',
      },
      migrations: {
        type: 'string',
        valueHint: 'DIR',
        description: 'The migrations, when there is no config',
      },
    },
    run: ({ args }) => init({ ...args, lambda: Boolean(args.lambda) }),
  }),
  examples: [
    'edge-health init apps/health',
    'edge-health init apps/health --name tickets-health --region aws:eu-central-1',
    'edge-health init apps/health --lambda --config packages/db/drizzle.config.ts',
  ],
  exitCodes: ['0 the files are there', '2 usage, or no migrations found'],
}
