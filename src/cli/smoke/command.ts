import { CliCommand } from '../command.ts'
import { collect, collectWords } from '../option-values.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'
import type { SmokeArguments } from './options.ts'

type SmokeWords = Omit<SmokeArguments, 'url' | 'check' | 'header'> &
  Partial<Pick<SmokeArguments, 'check' | 'header'>> & { readonly json?: boolean }

/** `edge-health smoke URL` */
export const smokeCommand = (): CliCommand =>
  new CliCommand('smoke', {
    description: 'Prove that a deployment answers and is healthy, or give up',
    examples: [
      'edge-health smoke https://health.example.com',
      'edge-health smoke https://health.example.com --expect-release "$GITHUB_SHA"',
      'HEALTH_TOKEN=… edge-health smoke https://health.example.com --check database,migrations --timeout 3m',
      `edge-health smoke https://health.example.com --header 'Cloudflare-Workers-Version-Overrides: health="VERSION_ID"'`,
    ],
    exitCodes: [
      '0 healthy',
      '1 unhealthy',
      '2 usage, configuration, or HTTP 401 or 403',
      '3 another release answers',
      '4 unreachable',
    ],
  })
    .argument('<URL>', 'Address of the deployment; without a path, /health-check is asked')
    .option(
      '--expect-release <SHA>',
      "The answer's release must be this one (the first 7 characters suffice)",
    )
    .option('--timeout <TIME>', 'Give up after this long', '120s')
    .option('--interval <TIME>', 'Pause between two attempts', '2s')
    .option(
      '--consecutive <N>',
      'Healthy answers in a row that are proof; repeated (cached) results do not count',
      '2',
    )
    .option(
      '--token <TOKEN>',
      'Ask for fresh results with details; better given as HEALTH_TOKEN in the environment',
    )
    .option('--check <NAMES>', 'Only these checks, comma-separated', collectWords)
    .option("--header <'NAME: VALUE'>", 'Send this header too; may be repeated', collect)
    .option('--json', 'Print one JSON document instead; attempts go to stderr')
    .action(async (url: string, { json = false, ...words }: SmokeWords) => {
      exitOnInterrupt()
      const { readSmokeOptions } = await import('./options.ts')
      const { smoke } = await import('./smoke.ts')
      const token = words.token ?? (process.env['HEALTH_TOKEN'] || undefined)
      const options = readSmokeOptions({ check: [], header: [], ...words, url, token })
      process.exitCode = await smoke(options, json)
    })
