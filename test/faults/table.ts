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
 * The README with the number of the faults renewed.
 *
 * @throws {Error} when the README does not name it
 */
export function readmeWith(observed: readonly Observed[], readme: string): string {
  const place = /\[\d+ faults\]\(docs\/faults\.md\)/
  if (!place.test(readme)) throw new Error('README.md has no [… faults](docs/faults.md)')
  return readme.replace(place, `[${observed.length} faults](docs/faults.md)`)
}

function table(observed: readonly Observed[]): string {
  const rows = observed.map(({ fault, status, codes, wait }) =>
    [fault.name, String(status), ...[codes.database, codes.migrations, codes.celery, codes.redis], wait].join(
      ' | ',
    ),
  )
  return [...head, ...rows.map((row) => `| ${row} |`)].join('\n')
}

const head = [
  '| what is wrong | HTTP | database | migrations | celery | redis | answered |',
  '|---|---|---|---|---|---|---|',
]

const introduction = `# What it says when something is wrong

Written by \`npm run test:faults -- -u\`, which also renews the number of faults in the README. Without \`-u\` the suite
fails where it would write something else.

The suite breaks each of these things and repairs it again. The Worker runs in workerd, the Lambda function runs beside it,
both with the rights of [least-privilege.md](least-privilege.md) and no more, with a real Postgres, a real Redis and three
real Celery workers. Every line is what both of them answered, each time within HEALTH_DEADLINE_MS + 250 ms, without a
secret in any answer or log line. The settings are the defaults, but for a time to live of 1 s.

The last column is measured: \`at once\` is in less than 1 s, \`about 1 s\` in 1 to 1.8 s, and
\`after HEALTH_TIMEOUT_MS\` in 2.4 s or more. On each platform the quickest of up to six answers counts, because the machine
does other things too.

Both were green again one time to live after the fault was gone, with two exceptions. Celery's workers reconnect to a
Redis in their own time, and dead ones have to be started: \`celery\` was green one time to live after they listened again,
and the other three checks did not wait for that. Where the name of an endpoint was wrong, the function was started anew
with the right one, as by a deploy.`
