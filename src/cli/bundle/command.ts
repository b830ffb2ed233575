import { CliCommand } from '../command.ts'

/** `edge-health bundle [ENTRY]` */
export const bundleCommand = (): CliCommand =>
  new CliCommand('bundle', {
    description: 'Bundle the function for AWS Lambda, for a quick cold start',
    needs: ['esbuild'],
    examples: ['edge-health bundle', 'edge-health compile && edge-health bundle && osls deploy'],
    exitCodes: ['0 written', '1 it cannot be bundled', '2 usage'],
  })
    .argument(
      '[ENTRY]',
      'Module that exports the handler; written to dist/lambda, which is emptied first',
      'src/lambda.ts',
    )
    .action(async (entry: string) => {
      const { bundle } = await import('./bundle.ts')
      process.exitCode = await bundle(entry)
    })
