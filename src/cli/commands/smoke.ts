import { defineCommand } from 'citty'
import { valuesOf } from '../arguments.ts'
import type { Command } from '../command.ts'
import { readSmokeOptions } from '../smoke/options.ts'
import { smoke } from '../smoke/smoke.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'

const args = {
  url: {
    type: 'positional',
    required: true,
    description: 'Address of the deployment; without a path, /health-check is asked',
  },
  'expect-release': {
    type: 'string',
    valueHint: 'SHA',
    description: "The answer's release must be this one (the first 7 characters suffice)",
  },
  timeout: { type: 'string', default: '120s', valueHint: 'TIME', description: 'Give up after this long' },
  interval: { type: 'string', default: '2s', valueHint: 'TIME', description: 'Pause between two attempts' },
  consecutive: {
    type: 'string',
    default: '2',
    valueHint: 'N',
    description: 'Healthy answers in a row that are proof; repeated (cached) results do not count',
  },
  token: {
    type: 'string',
    valueHint: 'TOKEN',
    description: 'Ask for fresh results with details; better given as HEALTH_TOKEN in the environment',
  },
  check: { type: 'string', valueHint: 'NAMES', description: 'Only these checks, comma-separated' },
  header: {
    type: 'string',
    valueHint: "'NAME: VALUE'",
    description: 'Send this header too; may be repeated',
  },
  json: { type: 'boolean', description: 'Print one JSON document instead; attempts go to stderr' },
} as const

/** `edge-health smoke URL` */
export const command: Command = {
  definition: defineCommand({
    meta: { name: 'smoke', description: 'Prove that a deployment answers and is healthy, or give up' },
    args,
    run: ({ args: words, rawArgs }) => {
      exitOnInterrupt()
      const options = readSmokeOptions({
        url: words.url,
        expectRelease: words['expect-release'],
        timeout: words.timeout,
        interval: words.interval,
        consecutive: words.consecutive,
        token: words.token ?? (process.env['HEALTH_TOKEN'] || undefined),
        check: valuesOf(rawArgs, args, 'check'),
        header: valuesOf(rawArgs, args, 'header'),
      })
      return smoke(options, Boolean(words.json))
    },
  }),
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
}
