import { defineCommand } from 'citty'
import type { Command } from '../command.ts'

/** `edge-health bundle [ENTRY]` */
export const command: Command = {
  definition: defineCommand({
    meta: { name: 'bundle', description: 'Bundle the function for AWS Lambda, for a quick cold start' },
    args: {
      entry: {
        type: 'positional',
        required: false,
        default: 'src/lambda.ts',
        description: 'Module that exports the handler; written to dist/lambda, which is emptied first',
      },
    },
    async run({ args }) {
      const { bundle } = await import('../bundle/bundle.ts')
      return bundle(args.entry)
    },
  }),
  needs: ['esbuild'],
  examples: ['edge-health bundle', 'edge-health compile && edge-health bundle && osls deploy'],
  exitCodes: ['0 written', '1 it cannot be bundled', '2 usage'],
}
