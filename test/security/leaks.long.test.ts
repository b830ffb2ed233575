import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runBin } from '../cli/run-bin.ts'
import { type CeleryProcess, startWorker } from '../servers/celery.ts'
import { type HeartbeatService, startHeartbeat } from '../servers/heartbeat.ts'
import { type SentryIngest, startSentryIngest } from '../servers/sentry-ingest.ts'
import { leaksIn, type Planted } from '../support/leaks.ts'
import { migrateExample } from '../support/migrate.ts'
import { type Deployable, makeDeployable, type Platform } from '../support/platforms.ts'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'

const withToken = { authorization: `Bearer ${healthToken}` }
const workerName = 'planted-worker@planted-machine'
/** A table of the example, and what is made in it by hand. */
const tableNames = ['organizers', 'planted_column']

let stack: TestStack
let ingest: SentryIngest
let heartbeat: HeartbeatService
let deployable: Deployable
let worker: CeleryProcess
let platforms: Platform[]
let variables: Record<string, string>
beforeAll(async () => {
  ;[stack, ingest, heartbeat, deployable] = await Promise.all([
    startStack(),
    startSentryIngest(),
    startHeartbeat(),
    makeDeployable(),
  ])
  worker = startWorker({ redisUrl: stack.redis.url, name: workerName })
  await Promise.all([migrateExample(stack.postgres.url()), worker.ready()])
  variables = {
    ...stack.environment,
    HEALTH_TTL_PASS: '0',
    HEALTH_TTL_FAIL: '0',
    SENTRY_DSN: ingest.dsn,
    SENTRY_MONITOR_SLUG: 'health-check',
    HEARTBEAT_URL: `${heartbeat.url}/0f3c5a1e-planted-heartbeat?key=k3y-planted-heartbeat`,
    CELERY_WORKERS: `${workerName},planted-absent@planted-machine`,
  }
  platforms = await deployable.start(variables)
})
afterAll(async () => {
  await Promise.all(platforms?.map((platform) => platform.close()) ?? [])
  deployable?.close()
  await worker?.stop()
  await Promise.all([stack?.close(), ingest?.close(), heartbeat?.close()])
})

/** What nobody may see, whoever they are. */
function secrets(): Planted[] {
  const named = (name: string, value: string | undefined) => ({ name, value: value ?? '' })
  return [
    named('DATABASE_URL', variables['DATABASE_URL']),
    named('the password of Postgres', stack.postgres.password),
    named('the user of Postgres', stack.postgres.user),
    named('the host of Postgres', `127.0.0.1:${stack.postgres.port}`),
    named('DATABASE_HTTP_ENDPOINT', new URL(stack.sqlProxy.url).host),
    named('UPSTASH_REDIS_REST_URL', new URL(stack.redisProxy.url).host),
    named('UPSTASH_REDIS_REST_TOKEN', variables['UPSTASH_REDIS_REST_TOKEN']),
    named('HEALTH_TOKEN', healthToken),
    named('the heartbeat service', new URL(heartbeat.url).host),
    named('the path of HEARTBEAT_URL', '0f3c5a1e-planted-heartbeat'),
    named('the query of HEARTBEAT_URL', 'k3y-planted-heartbeat'),
  ]
}

/** What only its owner gets: Sentry knows its own DSN. */
const dsnParts = (): Planted[] => [
  { name: 'the key of SENTRY_DSN', value: new URL(ingest.dsn).username },
  { name: 'the host of SENTRY_DSN', value: new URL(ingest.dsn).host },
]

/** What stands in details, and so is for whoever shows the token. */
const forTheTokenOnly: Planted[] = [workerName, 'planted-absent', ...tableNames].map((value) => ({
  name: `the name ${value}`,
  value,
}))

/** What a driver or a service may say about us, in every form that it may have. */
function talkative(): string {
  const all = [...secrets(), ...dsnParts()].map(({ value }) => value)
  const text = all.join(' and ')
  return [
    text,
    all.map(encodeURIComponent).join(' '),
    all.map((value) => Buffer.from(value).toString('base64')).join(' '),
    `connection to ${variables['DATABASE_URL']} as user "${stack.postgres.user}" failed`,
  ].join('; ')
}

interface Situation {
  readonly name: string
  readonly begin: () => Promise<unknown> | unknown
  readonly end: () => Promise<unknown> | unknown
}

const parts = () => {
  const text = talkative()
  // Drivers cut long texts somewhere; so that each secret is met, each gets an answer of its own.
  return [text, ...text.split(/; | and /)]
}

const situations: Situation[] = [
  { name: 'all is well but for a worker that is missing', begin: () => {}, end: () => {} },
  {
    name: 'Redis is out of memory',
    begin: () => stack.redis.command('CONFIG', 'SET', 'maxmemory', '1'),
    end: () => stack.redis.command('CONFIG', 'SET', 'maxmemory', '0'),
  },
  {
    name: 'the schema differs',
    begin: () => stack.postgres.query('alter table organizers add column planted_column text not null'),
    end: () => stack.postgres.query('alter table organizers drop column planted_column'),
  },
  { name: 'a worker is frozen', begin: () => worker.freeze(), end: () => worker.thaw() },
  {
    name: 'nothing answers',
    begin: () =>
      Promise.all([stack.sqlProxy.set({ kind: 'silence' }), stack.redisProxy.set({ kind: 'refuse' })]),
    end: mendProxies,
  },
  {
    name: 'the services answer in HTML',
    begin: () => Promise.all([stack.sqlProxy.set({ kind: 'html' }), stack.redisProxy.set({ kind: 'html' })]),
    end: mendProxies,
  },
]

function mendProxies() {
  return Promise.all([stack.sqlProxy.set(undefined), stack.redisProxy.set(undefined)])
}

/** Every way to ask, and what is answered, headers and all. */
async function askEverything(platform: Platform) {
  const paths = [
    '/health-check',
    '/health-check/live',
    '/nowhere',
    '/health-check?check=nosuch',
    '/health-check?fresh',
  ]
  const wrong = { authorization: `Bearer ${healthToken}x` }
  const publicAnswers = []
  for (const path of paths) publicAnswers.push(await platform.send(path))
  publicAnswers.push(await platform.send('/health-check', wrong))
  return { publicAnswers, details: await platform.send('/health-check?fresh', withToken) }
}

async function searchEverywhere(where: string) {
  ingest.clear()
  heartbeat.pings.splice(0)
  const answers = new Map<Platform, Awaited<ReturnType<typeof askEverything>>>()
  for (const platform of platforms) answers.set(platform, await askEverything(platform))
  // Both at once: a bad tick waits before it asks once more.
  await Promise.all(platforms.map((platform) => platform.tick()))
  for (const [platform, { publicAnswers, details }] of answers) {
    const nowhere = [...secrets(), ...dsnParts()]
    const search = (what: string, text: string, planted: readonly Planted[]) =>
      expect(leaksIn(text, planted), `${where}: ${what} on ${platform.name}`).toEqual([])
    search('details', JSON.stringify(details), nowhere)
    for (const answer of publicAnswers) {
      search('a public answer', JSON.stringify(answer), [...nowhere, ...forTheTokenOnly])
    }
    search('the log', platform.output(), [...nowhere, ...forTheTokenOnly])
  }
  const envelopes = ingest.envelopes.map(({ raw }) => raw).join('\n')
  expect(leaksIn(envelopes, secrets()), `${where}: what Sentry was told`).toEqual([])
  const bodies = heartbeat.pings.map(({ body }) => body).join('\n')
  expect(leaksIn(bodies, [...secrets(), ...dsnParts(), ...forTheTokenOnly]), `${where}: pings`).toEqual([])
  return { envelopes, bodies }
}

describe('nothing that was planted leaves the function', () => {
  it.each(situations)('when $name', { timeout: 120_000 }, async ({ name, begin, end }) => {
    await begin()
    try {
      await searchEverywhere(name)
    } finally {
      await end()
    }
  })

  it('when the database and Redis repeat every secret in their error texts', {
    timeout: 900_000,
  }, async () => {
    for (const text of parts()) {
      const sql = JSON.stringify({ message: text, code: 'XX000', detail: text, hint: text })
      await stack.sqlProxy.set({ kind: 'answer', status: 400, body: sql })
      await stack.redisProxy.set({
        kind: 'answer',
        status: 400,
        body: JSON.stringify({ error: `ERR ${text}` }),
      })
      await searchEverywhere('error texts')
    }
    await mendProxies()
  })

  it('although Sentry and the heartbeat service were told', async () => {
    await stack.sqlProxy.set({ kind: 'refuse' })
    const { envelopes, bodies } = await searchEverywhere('refused')
    await mendProxies()
    expect(envelopes).toContain('check_in')
    expect(bodies).toContain('database')
  })
})

describe('nothing that was planted leaves the terminal', () => {
  it.each([
    { how: 'as JSON', args: ['--json'] },
    { how: 'as a table', args: [] },
  ])('edge-health check, $how', async ({ args }) => {
    const text = talkative()
    const sql = JSON.stringify({ message: text, code: 'XX000' })
    for (const fault of [undefined, { kind: 'answer', status: 400, body: sql } as const]) {
      await stack.sqlProxy.set(fault)
      const command = ['check', '--expected', deployable.expected, ...args]
      const { stdout, stderr } = await runBin(command, { env: variables })
      const printed = stdout + stderr
      expect(printed).toContain('migrations')
      expect(leaksIn(printed, [...secrets(), ...dsnParts()])).toEqual([])
    }
    await mendProxies()
  })
})
