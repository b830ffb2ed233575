import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../servers/process.ts'
import { serve } from '../support/http.ts'
import { leaksIn, type Planted } from '../support/leaks.ts'
import type { Platform } from '../support/platforms.ts'
import { healthToken } from '../support/stack.ts'
import { type PlantedTargets, startPlantedTargets, talkative, workerName } from './planted.ts'

const withToken = { authorization: `Bearer ${healthToken}` }
/** A table of the example, and what is made in it by hand. */
const tableNames = ['organizers', 'planted_column']

const named = (values: readonly string[]): Planted[] =>
  values.map((value) => ({ name: `the name ${value}`, value }))

/** What the log does not say. Which objects differ, it does. */
const workers = named([workerName, 'planted-absent'])

/** What is in details, and so only for callers with the token. */
const forTheTokenOnly: Planted[] = [...workers, ...named(tableNames)]

let targets: PlantedTargets
let standing: Platform[]
beforeAll(async () => {
  targets = await startPlantedTargets()
  standing = await targets.deployable.start(targets.variables)
})
afterAll(async () => {
  await Promise.all(standing?.map((platform) => platform.close()) ?? [])
  await targets?.close()
})

interface Situation {
  readonly name: string
  readonly begin: () => Promise<unknown> | unknown
  readonly end: () => Promise<unknown> | unknown
}

const situations: Situation[] = [
  { name: 'all is well but for a worker that is missing', begin: () => {}, end: () => {} },
  {
    name: 'Redis is out of memory',
    begin: () => targets.stack.redis.command('CONFIG', 'SET', 'maxmemory', '1'),
    end: () => targets.stack.redis.command('CONFIG', 'SET', 'maxmemory', '0'),
  },
  {
    name: 'the schema differs',
    begin: () =>
      targets.stack.postgres.query('alter table organizers add column planted_column text not null'),
    end: () => targets.stack.postgres.query('alter table organizers drop column planted_column'),
  },
  { name: 'a worker is frozen', begin: () => targets.worker.freeze(), end: () => targets.worker.thaw() },
  {
    name: 'nothing answers',
    begin: () =>
      Promise.all([targets.stack.sqlProxy.set({ kind: 'silence' }), targets.breakRedis({ kind: 'refuse' })]),
    end: () => targets.repair(),
  },
  {
    name: 'the services answer in HTML',
    begin: () =>
      Promise.all([targets.stack.sqlProxy.set({ kind: 'html' }), targets.breakRedis({ kind: 'html' })]),
    end: () => targets.repair(),
  },
]

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

async function searchEverywhere(where: string, platforms = standing) {
  const { ingest, heartbeat, dsnParts } = targets
  const secrets = targets.secrets()
  ingest.clear()
  heartbeat.pings.splice(0)
  const nowhere = [...secrets, ...dsnParts]
  const answers = new Map<Platform, Awaited<ReturnType<typeof askEverything>>>()
  for (const platform of platforms) answers.set(platform, await askEverything(platform))
  // Both at once: a bad cron run waits before it asks once more.
  await Promise.all(platforms.map((platform) => platform.cronRun()))
  for (const [platform, { publicAnswers, details }] of answers) {
    const search = (what: string, text: string, planted: readonly Planted[]) =>
      expect(leaksIn(text, planted), `${where}: ${what} on ${platform.name}`).toEqual([])
    // What was refused, or never written, holds no secret either.
    expect(details.text, `${where}: details on ${platform.name}`).toContain('"details":')
    expect(platform.output(), `${where}: the log on ${platform.name}`).toContain('"message":"health check"')
    search('details', JSON.stringify(details), nowhere)
    for (const answer of publicAnswers) {
      search('a public answer', JSON.stringify(answer), [...nowhere, ...forTheTokenOnly])
    }
    search('the log', platform.output(), [...nowhere, ...workers])
  }
  const envelopes = ingest.envelopes.map(({ raw }) => raw).join('\n')
  expect(leaksIn(envelopes, secrets), `${where}: what Sentry got`).toEqual([])
  const bodies = heartbeat.pings.map(({ body }) => body).join('\n')
  expect(leaksIn(bodies, [...nowhere, ...forTheTokenOnly]), `${where}: pings`).toEqual([])
  return { envelopes, bodies }
}

/** Drivers cut long texts somewhere: here each secret stands in one that is short. */
function inShortTexts(text: string): string[] {
  const short: string[] = ['']
  for (const part of text.split(/; | and /)) {
    const last = short.at(-1) ?? ''
    if (last.length + part.length > 180) short.push(part)
    else short[short.length - 1] = `${last} and ${part}`
  }
  return short
}

/** Makes the database and Redis say a text to whatever they are asked. */
async function answerWith(text: string) {
  const body = JSON.stringify({ message: text, code: 'XX000', detail: text, hint: text })
  await targets.stack.sqlProxy.set({ kind: 'answer', status: 400, body })
  await targets.breakRedis({ kind: 'answer', status: 400, body: JSON.stringify({ error: `ERR ${text}` }) })
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

  it('when the database and Redis repeat every secret in their error texts', async () => {
    onTestFinished(() => targets.repair())
    const text = talkative(targets)
    for (const part of [text, ...inShortTexts(text)]) {
      await answerWith(part)
      await searchEverywhere('error texts')
    }
  })

  it('in any other form of the answer', async () => {
    onTestFinished(() => targets.repair())
    const forms = [
      ...['health%2Bjson', 'ohdear', 'text', 'nosuch'].map((format) => `?format=${format}`),
      ...['metrics', 'badge.json', 'status.json', 'history.json', 'feed.atom', 'status'].map(
        (name) => `/${name}`,
      ),
    ]
    await answerWith(talkative(targets))
    const planted = [...targets.secrets(), ...targets.dsnParts, ...forTheTokenOnly]
    for (const platform of standing) {
      const answers = []
      for (const form of forms) answers.push(await platform.send(`/health-check${form}`))
      // A Lambda of the next call knows nothing of this one, so the answers from what is known may be empty.
      expect(answers.filter(({ text }) => text.includes('database')).length).toBeGreaterThanOrEqual(2)
      expect(leaksIn(JSON.stringify(answers), planted), platform.name).toEqual([])
    }
  })

  it.each([{ details: 'off' }, { details: 'on' }])(
    'in an alert of a drift, with ALERT_DETAILS=$details',
    async ({ details }) => {
      const bodies: string[] = []
      const url = await serve(async (request, response) => {
        bodies.push(await text(request))
        response.writeHead(200).end()
      })
      const channels = {
        HEALTH_STORE: 'redis',
        HEALTH_STORE_KEY: `alerts-${details}`,
        ALERT_AFTER: '1',
        ALERT_DETAILS: details,
        ALERT_SLACK_URL: `${url}/planted-slack`,
        ALERT_DISCORD_URL: `${url}/planted-discord`,
        ALERT_WEBHOOK_URL: `${url}/planted-webhook`,
        ALERT_WEBHOOK_SECRET: 'planted-webhook-secret',
      }
      const variables = { ...targets.variables, ...channels, HEALTH_CHECKS: 'database,migrations' }
      await targets.stack.postgres.query('alter table organizers add column planted_column text not null')
      const platforms = await targets.deployable.start(variables)
      try {
        for (const platform of platforms) await platform.send('/health-check')
        await until('every channel was notified', () => bodies.length >= 3)
        const sent = bodies.join('\n')
        expect(sent).toContain('extra column')
        expect(leaksIn(sent, [...targets.secrets(variables), ...targets.dsnParts, ...workers])).toEqual([])
        expect(sent).not.toMatch(/planted-(slack|discord|webhook)/)
        expect(leaksIn(sent, named(tableNames)).length > 0).toBe(details === 'on')
      } finally {
        await targets.stack.postgres.query('alter table organizers drop column planted_column')
        await Promise.all(platforms.map((platform) => platform.close()))
      }
    },
  )

  it('in the history and on the status page, for everybody and with the token', async () => {
    onTestFinished(() => targets.repair())
    const platforms = await targets.deployable.start({
      ...targets.variables,
      HEALTH_STORE: 'redis',
      HEALTH_STORE_KEY: 'planted-store',
    })
    onTestFinished(async () => {
      await Promise.all(platforms.map((platform) => platform.close()))
    })
    const text = talkative(targets)
    const body = JSON.stringify({ message: text, code: 'XX000', detail: text, hint: text })
    const everywhere = [...targets.secrets(), ...targets.dsnParts]
    const withBasic = { authorization: `Basic ${btoa(`me:${healthToken}`)}` }
    for (const platform of platforms) {
      // Of the good run the history has response times, of the bad one an incident; Redis, which has the history, goes on.
      await targets.repair()
      await platform.send('/health-check')
      await targets.stack.sqlProxy.set({ kind: 'answer', status: 400, body })
      // One run takes the lease for a second, and only who has the lease writes.
      const isWritten = async () => {
        await platform.send('/health-check')
        const written = await targets.stack.redis.command('GET', 'planted-store:history')
        return /database could not be/.test(String(written))
      }
      await until('the incident of the database', isWritten, 60_000)
      const names = ['history.json', 'feed.atom', 'status.json', 'status']
      const answers = []
      for (const name of names) answers.push(await platform.send(`/health-check/${name}`))
      for (const { status, text } of answers)
        expect([status, text]).toEqual([200, expect.stringMatching(/database/)])
      expect(leaksIn(JSON.stringify(answers), [...everywhere, ...forTheTokenOnly]), platform.name).toEqual([])
      const page = await platform.send('/health-check/status', withBasic)
      // With details, or the search proved nothing.
      expect(page.text, platform.name).toContain('<summary>')
      expect(leaksIn(JSON.stringify(page), everywhere), `${platform.name}, with the token`).toEqual([])
    }
  })

  it('when Redis is named by the variables of Vercel KV alone', async () => {
    onTestFinished(() => targets.repair())
    const platforms = await targets.deployable.start(targets.kvVariables)
    try {
      await searchEverywhere('in order', platforms)
      for (const text of [
        talkative(targets, targets.kvVariables),
        targets.kvVariables['KV_REST_API_TOKEN'] ?? '',
      ]) {
        await answerWith(text)
        await searchEverywhere('error texts', platforms)
      }
    } finally {
      await Promise.all(platforms.map((platform) => platform.close()))
    }
  })

  it('although Sentry and the heartbeat service got their messages', async () => {
    await targets.stack.sqlProxy.set({ kind: 'refuse' })
    const { envelopes, bodies } = await searchEverywhere('refused')
    await targets.repair()
    expect(envelopes).toContain('check_in')
    expect(bodies).toContain('database')
  })
})
