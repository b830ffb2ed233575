import { randomBytes } from 'node:crypto'
import type { Variables } from '../../dev/environment.ts'
import { startLocalAlerts } from '../../dev/local-alerts.ts'
import type { Stack } from '../../dev/stack.ts'

/** The store of `npm start`, and where its alerts go. */
interface LocalStore {
  /** What the Worker has to know. */
  readonly variables: Variables
  /** Lines for the person at the terminal. */
  readonly welcome: readonly string[]
  close(): Promise<void>
}

/** What to type for this command: in a clone of the repository its bin is not installed. */
const edgeHealth = import.meta.filename.endsWith('.ts') ? 'node src/cli/main.ts' : 'npx edge-health'

const channels = ['ALERT_SLACK_URL', 'ALERT_DISCORD_URL', 'ALERT_PAGERDUTY_KEY', 'ALERT_WEBHOOK_URL']

/**
 * With the embedded Redis the Worker shares its results, keeps a history and sends its alerts to the terminal. A Redis of
 * somebody else may be that of a deployed function, whose history is not that of this machine: there the store is off. Who sets
 * HEALTH_STORE decides alone.
 */
export async function startLocalStore(
  { redis, database }: Pick<Stack, 'redis' | 'database'>,
  environment: Variables,
  print: (line: string) => void,
): Promise<LocalStore> {
  const nothing = { welcome: [], close: async () => {} }
  if (environment['HEALTH_STORE'] !== undefined) return { variables: {}, ...nothing }
  // People are not woken by what is tried out here.
  const quiet = Object.fromEntries(channels.map((name) => [name, '']))
  if (redis.kind !== 'embedded') return { variables: { HEALTH_STORE: 'off', ...quiet }, ...nothing }
  const secret = randomBytes(18).toString('base64url')
  const alerts = await startLocalAlerts({ secret, print, database: database.power })
  const { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token } = redis.variables
  return {
    variables: {
      HEALTH_STORE: 'redis',
      ...quiet,
      ALERT_WEBHOOK_URL: `${alerts.url}/alerts`,
      ALERT_WEBHOOK_SECRET: secret,
    },
    welcome: [
      '  Alerts are printed here. The history, in another terminal:',
      `  UPSTASH_REDIS_REST_URL=${url} UPSTASH_REDIS_REST_TOKEN=${token} ${edgeHealth} history`,
      '',
      ...(database.power
        ? [
            '  Stop the embedded Postgres, and start it again:',
            `  curl -X POST ${alerts.url}/database/stop`,
            `  curl -X POST ${alerts.url}/database/start`,
            '',
          ]
        : []),
    ],
    close: alerts.close,
  }
}
