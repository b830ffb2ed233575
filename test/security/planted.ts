import { redisBackend } from '../../src/dev/real-redis.ts'
import { startRedisRest } from '../../src/dev/redis-rest.ts'
import { type CeleryProcess, startWorker } from '../servers/celery.ts'
import { type Fault, type FaultProxy, startFaultProxy } from '../servers/fault-proxy.ts'
import { type HeartbeatService, startHeartbeat } from '../servers/heartbeat.ts'
import { type SentryIngest, startSentryIngest } from '../servers/sentry-ingest.ts'
import type { Planted } from '../support/leaks.ts'
import { migrateExample } from '../support/migrate.ts'
import { type Deployable, makeDeployable, type Variables } from '../support/platforms.ts'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'
import { startAll } from '../support/start-all.ts'

export const workerName = 'planted-worker@planted-machine'

/** Everything that the function talks to, and every secret in its configuration. */
export interface PlantedTargets {
  readonly stack: TestStack
  readonly ingest: SentryIngest
  readonly heartbeat: HeartbeatService
  readonly deployable: Deployable
  readonly worker: CeleryProcess
  /** With a broker of its own, and the names of Vercel KV, which are not used where Upstash's are set. */
  readonly variables: Variables
  /** With the names of Vercel KV alone. */
  readonly kvVariables: Variables
  /** What must not be seen anywhere, of these variables or of all. */
  secrets(variables?: Variables): readonly Planted[]
  /** What only its owner gets: Sentry knows its own DSN. */
  readonly dsnParts: readonly Planted[]
  /** Breaks or repairs both endpoints of Redis. */
  breakRedis(fault: Fault | undefined): Promise<void>
  repair(): Promise<void>
  close(): Promise<void>
}

export async function startPlantedTargets(): Promise<PlantedTargets> {
  const [stack, ingest, heartbeat, deployable] = await startAll([
    startStack(),
    startSentryIngest(),
    startHeartbeat(),
    makeDeployable(),
  ])
  const worker = startWorker({ redisUrl: stack.redis.url, name: workerName })
  const broker = await startBroker(stack)
  async function close() {
    deployable.close()
    await worker.stop()
    await broker.close()
    await Promise.all([stack.close(), ingest.close(), heartbeat.close()])
  }
  await Promise.all([migrateExample(stack.postgres.url()), worker.ready()]).catch(async (error) => {
    await close()
    throw error
  })
  const { UPSTASH_REDIS_REST_URL: restUrl = '', UPSTASH_REDIS_REST_TOKEN: restToken = '' } = stack.environment
  const { DATABASE_URL = '', DATABASE_HTTP_ENDPOINT = '', HEALTH_TOKEN = '' } = stack.environment
  const common = {
    ...{ DATABASE_URL, DATABASE_HTTP_ENDPOINT, HEALTH_TOKEN },
    ...{ HEALTH_TTL_PASS: '0', HEALTH_TTL_FAIL: '0' },
    SENTRY_DSN: ingest.dsn,
    SENTRY_MONITOR_SLUG: 'health-check',
    HEARTBEAT_URL: `${heartbeat.url}/0f3c5a1e-planted-heartbeat?key=k3y-planted-heartbeat`,
    CELERY_WORKERS: `${workerName},planted-absent@planted-machine`,
  }
  const variables = {
    ...common,
    UPSTASH_REDIS_REST_URL: restUrl,
    UPSTASH_REDIS_REST_TOKEN: restToken,
    CELERY_REDIS_REST_URL: broker.proxy.url,
    CELERY_REDIS_REST_TOKEN: broker.token,
    KV_REST_API_URL: 'https://planted-kv.upstash.example',
    KV_REST_API_TOKEN: 'planted-kv-token',
  }
  const breakRedis = async (fault: Fault | undefined) => {
    await Promise.all([stack.redisProxy.set(fault), broker.proxy.set(fault)])
  }
  return {
    ...{ stack, ingest, heartbeat, deployable, worker, variables, breakRedis, close },
    kvVariables: { ...common, KV_REST_API_URL: restUrl, KV_REST_API_TOKEN: restToken },
    secrets: (some = variables) => secretsIn(stack, heartbeat, some),
    dsnParts: [
      { name: 'the key of SENTRY_DSN', value: new URL(ingest.dsn).username },
      { name: 'the host of SENTRY_DSN', value: new URL(ingest.dsn).host },
    ],
    async repair() {
      await Promise.all([stack.sqlProxy.set(undefined), breakRedis(undefined)])
    },
  }
}

/** The same Redis at another address and with another token. */
async function startBroker({ redis }: TestStack) {
  const token = 'planted-broker-token'
  const service = await startRedisRest({ backend: redisBackend(redis.url), token })
  const proxy: FaultProxy = await startFaultProxy(service.url)
  const close = async () => {
    await proxy.close()
    await service.close()
  }
  return { token, proxy, close }
}

function secretsIn({ postgres }: TestStack, heartbeat: HeartbeatService, variables: Variables): Planted[] {
  const whole = ['DATABASE_URL', 'UPSTASH_REDIS_REST_TOKEN', 'CELERY_REDIS_REST_TOKEN', 'KV_REST_API_TOKEN']
  const hosts = [
    'DATABASE_HTTP_ENDPOINT',
    'UPSTASH_REDIS_REST_URL',
    'CELERY_REDIS_REST_URL',
    'KV_REST_API_URL',
  ]
  const isSet = (name: string) => variables[name] !== undefined
  return [
    ...whole.filter(isSet).map((name) => ({ name, value: variables[name] as string })),
    ...hosts
      .filter(isSet)
      .map((name) => ({ name: `the host of ${name}`, value: new URL(variables[name] as string).host })),
    { name: 'the password of Postgres', value: postgres.password },
    { name: 'the user of Postgres', value: postgres.user },
    { name: 'the host of Postgres', value: `127.0.0.1:${postgres.port}` },
    { name: 'HEALTH_TOKEN', value: healthToken },
    { name: 'the heartbeat service', value: new URL(heartbeat.url).host },
    { name: 'the path of HEARTBEAT_URL', value: '0f3c5a1e-planted-heartbeat' },
    { name: 'the query of HEARTBEAT_URL', value: 'k3y-planted-heartbeat' },
  ]
}

/** What a driver or a service may say about us, in every form that it may have. */
export function talkative(targets: PlantedTargets, variables = targets.variables): string {
  const { secrets, dsnParts, stack } = targets
  const all = [...secrets(variables), ...dsnParts].map(({ value }) => value)
  return [
    all.join(' and '),
    all.map(encodeURIComponent).join(' and '),
    all.map((value) => Buffer.from(value).toString('base64')).join(' and '),
    `connection to ${variables['DATABASE_URL']} as user "${stack.postgres.user}" failed`,
  ].join('; ')
}
