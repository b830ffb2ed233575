import { type Codes, type Fault, waitOf } from './fault.ts'

/** What the function answered while a fault was in force. */
export interface Observed {
  readonly fault: Fault
  readonly status: number
  readonly codes: Codes
}

/** The page that people read: what the function says of each fault. Times are classes, so that every run writes the same. */
export function faultPage(observed: readonly Observed[]): string {
  const rows = observed.map(({ fault, status, codes }) =>
    [
      fault.name,
      String(status),
      ...(['database', 'migrations', 'celery', 'redis'] as const).map((checker) =>
        cell(codes[checker], fault.codes[checker]),
      ),
      waitOf(fault),
    ].join(' | '),
  )
  return `${introduction}\n${rows.map((row) => `| ${row} |`).join('\n')}\n`
}

/** Only a code that depends on the moment is written as all that it may be. */
function cell(code: string, expected: string | readonly string[] | undefined): string {
  if (Array.isArray(expected)) return expected.join(' or ')
  return code
}

const introduction = `# What it says when something is wrong

Written by \`npm run test:faults\`, which breaks each of these things and mends it again: the Worker in workerd and the
Lambda function, both beside a real Postgres, a real Redis and three real Celery workers. Every line is what both of
them answered, within HEALTH_DEADLINE_MS + 250 ms, without a secret in any answer or log line; and both were green
again within one time to live after the fault was gone. The settings are the defaults, but for a time to live of 1 s.

| what is wrong | HTTP | database | migrations | celery | redis | answered |
|---|---|---|---|---|---|---|`
