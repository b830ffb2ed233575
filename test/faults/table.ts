import type { Codes, Fault, Wait } from './fault.ts'

/** What the function answered while a fault was in force. */
export interface Observed {
  readonly fault: Fault
  readonly status: number
  readonly codes: Codes
  readonly wait: Wait
}

/** docs/faults.md: what the function says of each fault. */
export const faultPage = (observed: readonly Observed[]): string => `${introduction}\n\n${table(observed)}\n`

/**
 * The README with its copy of the table renewed.
 *
 * @throws {Error} when the README has no place for it
 */
export function readmeWith(observed: readonly Observed[], readme: string): string {
  const place = /(<summary>)\d+( faults, [^\n]*\n\n<!-- docs\/faults\.md -->\n)[\s\S]*?\n(?=\n)/
  if (!place.test(readme)) throw new Error('README.md has no <!-- docs/faults.md --> below a summary')
  return readme.replace(
    place,
    (_, before, after) => `${before}${observed.length}${after}${table(observed)}\n`,
  )
}

function table(observed: readonly Observed[]): string {
  const rows = observed.map(({ fault, status, codes, wait }) =>
    [
      fault.name,
      String(status),
      ...(['database', 'migrations', 'celery', 'redis'] as const).map((checker) =>
        cell(codes[checker], fault.codes[checker]),
      ),
      wait,
    ].join(' | '),
  )
  return [...head, ...rows.map((row) => `| ${row} |`)].join('\n')
}

/** Only a code that depends on the moment is written as all that it may be. */
function cell(code: string, expected: string | readonly string[] | undefined): string {
  if (Array.isArray(expected)) return expected.join(' or ')
  return code
}

const head = [
  '| what is wrong | HTTP | database | migrations | celery | redis | answered |',
  '|---|---|---|---|---|---|---|',
]

const introduction = `# What it says when something is wrong

Written by \`npm run test:faults -- -u\`, here and in the README; without \`-u\` the suite fails where it would write
something else. It breaks each of these things and mends it again: the Worker in workerd and the Lambda function, both
with the rights of [least-privilege.md](least-privilege.md) and no more, beside a real Postgres, a real Redis and three
real Celery workers. Every line is what both of them answered, each time within HEALTH_DEADLINE_MS + 250 ms, without a
secret in any answer or log line. The settings are the defaults, but for a time to live of 1 s.

The last column is measured: \`at once\` is in less than 1 s, \`about 1 s\` in 1 to 1.8 s, and
\`after HEALTH_TIMEOUT_MS\` in 2.4 s or more. On each platform the quickest of up to six answers counts, as the machine
does other things too.

Both were green again one time to live after the fault was gone, but for two things. Celery's workers find back to a
Redis in their own time, and those that are dead have to be started: \`celery\` was green one time to live after they
listened again, while the other three did not wait for that. And where the name of an endpoint was wrong, the function
was started anew with the right one, as by a deploy.`
