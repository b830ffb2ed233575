import { commaList } from '../comma-list.ts'
import { CliCommand } from '../command.ts'
import { exitOnInterrupt } from '../terminal/terminal.ts'
import { UsageError } from '../usage-error.ts'

interface DoctorWords {
  readonly variables?: string
  readonly env?: string
  readonly expected?: string
  readonly every?: string
  readonly checkers?: string
  readonly asks?: string
  readonly readRegions?: string
  readonly json?: boolean
}

/** `edge-health doctor` */
export const doctorCommand = (): CliCommand =>
  new CliCommand('doctor', {
    description: 'Say what the settings lead to, which rights are missing, and what a month costs',
    examples: [
      'edge-health doctor --every 60',
      'edge-health doctor --every 30 --checkers 16 --asks celery,redis',
      'edge-health doctor --json',
    ],
    exitCodes: ['0 every check passes or warns', '1 a check fails', '2 usage'],
  })
    .option('--every <SECONDS>', 'How often the monitor asks; without it the cron alone is counted')
    .option('--checkers <NUMBER>', 'From how many places the monitor asks [1]')
    .option('--asks <NAMES>', 'The checks that the monitor asks, comma-separated [all]')
    .option('--read-regions <NUMBER>', 'Read regions of the Upstash database [0]')
    .option(
      '--variables <FILE>',
      'Variables to read instead of .dev.vars or .env; the environment itself comes first',
    )
    .option('--env <NAME>', 'The environment of wrangler.toml whose [vars] and cron are read')
    .option('--expected <FILE>', 'The expected schema, when not in .edge-health/expected.json')
    .option('--json', 'Print JSON')
    .action(async ({ every, checkers, asks, readRegions, json = false, ...files }: DoctorWords) => {
      const options = {
        ...files,
        every: every === undefined ? undefined : wholeNumber('every', every, 1, 86_400),
        checkers: wholeNumber('checkers', checkers ?? '1', 1, 1000),
        asks: asks === undefined ? [] : commaList([asks]),
        regions: wholeNumber('read-regions', readRegions ?? '0', 0, 20),
        json,
      }
      exitOnInterrupt()
      const { doctor } = await import('./doctor.ts')
      process.exitCode = await doctor(options)
    })

/** @throws {UsageError} for what is not a whole number between the two */
function wholeNumber(option: string, text: string, min: number, max: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new UsageError(`--${option} expects a whole number from ${min} to ${max}.`)
}
