/** What is known of the past, through the app. */
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/check.ts'
import type { AppOptions } from '../../src/http/app.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { eventful } from './formats/histories.ts'
import { mixed, resultOf } from './formats/reports.ts'
import { appThatKnows, token } from './known.ts'

function setUp(more: Partial<AppOptions> = {}) {
  const { read, send } = appThatKnows('1', more)
  return {
    read,
    async get(name: string, headers: Record<string, string> = {}) {
      const response = await send(name, { headers })
      return {
        status: response.status,
        type: response.headers.get('content-type'),
        text: await response.text(),
      }
    },
  }
}

it.each([
  ['history.json', 'application/json', { results: 0, history: 1 }],
  ['feed.atom', 'application/atom+xml; charset=utf-8', { results: 0, history: 1 }],
  ['status.json', 'application/json', { results: 1, history: 1 }],
  ['metrics', 'text/plain; version=0.0.4; charset=utf-8', { results: 1, history: 0 }],
  ['badge.json', 'application/json', { results: 1, history: 0 }],
])('%s is answered from what is known, and reads no more than it shows', async (name, type, read) => {
  const app = setUp()
  const answer = await app.get(name)
  expect([answer.status, answer.type]).toEqual([200, type])
  expect(app.read).toEqual(read)
  expect(answer.text).not.toContain('server_version')
})

it.each(['history.json', 'feed.atom'])('%s does not exist without a store', async (name) => {
  const { status, text } = await setUp({ history: undefined }).get(name)
  expect([status, JSON.parse(text).code]).toEqual([404, 'no_store'])
})

it.each(['history.json', 'feed.atom'])('%s is 503 while the history cannot be read', async (name) => {
  const { status, text } = await setUp({ history: async () => undefined }).get(name)
  expect([status, JSON.parse(text).code]).toEqual([503, 'no_data'])
})

it.each(['history.json', 'feed.atom'])(
  '%s does not repeat a history that cannot be read now',
  async (name) => {
    const { status } = await setUp({ history: async () => ({ ...eventful, isOld: true }) }).get(name)
    expect(status).toBe(503)
  },
)

it('metrics name queues and their lengths to callers with the token alone', async () => {
  const jobs = resultOf('jobs', 'pass', { details: { waiting: 12 } })
  const app = setUp({ lastResults: async () => [jobs] })
  const { text } = await app.get('metrics')
  expect(text).toContain('edge_health_status{check="jobs",edge_health_status="pass"} 1')
  expect(text).not.toContain('edge_health_queue_messages')
  const trusted = await app.get('metrics', { authorization: `Bearer ${token}` })
  expect(trusted.text).toContain('edge_health_queue_messages{check="jobs",queue="jobs"} 12')
  expect((await app.get('metrics', { authorization: 'Bearer wrong' })).status).toBe(401)
})

it('status.json has the maintenance windows', async () => {
  const maintenance = (now: number) => [{ from: now, until: now + 1000 }]
  const { text } = await setUp({ maintenance }).get('status.json')
  expect(JSON.parse(text).scheduled_maintenances).toMatchObject([{ status: 'in_progress' }])
})

it('status.json without any result is 503, as its readers know no state for it', async () => {
  const { status, text } = await setUp({ lastResults: async () => [] }).get('status.json')
  expect([status, JSON.parse(text).code]).toEqual([503, 'no_data'])
})

describe('a form without a state for what is not known', () => {
  const checkers = ['database', 'redis']
  const now = Date.UTC(2026, 10, 22, 10, 21)
  const at = (minutesAgo: number) => ({
    timestamp: now - minutesAgo * 60_000,
    expires: now - minutesAgo * 60_000 + 27_000,
  })
  const answersOf = async (...results: Result[]) => {
    const app = setUp({ checkers, clock: fakeClock(now), lastResults: async () => results })
    const { status } = await app.get('status.json')
    const { text } = await app.get('metrics')
    return {
      badge: JSON.parse((await app.get('badge.json')).text).message,
      status,
      overall: /edge_health_overall_status="(\w+)"} 1/.exec(text)?.[1],
    }
  }
  const unknown = { badge: 'no data', status: 503, overall: undefined }

  it('says that all is well only where every check is known, and lately', async () => {
    const [database, redis] = [resultOf('database', 'pass', at(29)), resultOf('redis', 'pass', at(29))]
    expect(await answersOf(database, redis)).toEqual({ badge: 'healthy', status: 200, overall: 'pass' })
    expect(await answersOf(database)).toEqual(unknown)
    expect(await answersOf(database, resultOf('redis', 'pass', at(31)))).toEqual(unknown)
    expect(await answersOf(database, resultOf('mail'))).toEqual(unknown)
  })

  it('takes a result that has not expired for known, however old it is', async () => {
    const kept = { ...at(31), expires: now }
    const results = checkers.map((name) => resultOf(name, 'pass', kept))
    expect(await answersOf(...results)).toMatchObject({ badge: 'healthy' })
  })

  it('says that a check fails whatever the others say, and does not repeat an old failure', async () => {
    expect(await answersOf(resultOf('database', 'fail', at(1)))).toEqual({
      badge: 'unhealthy',
      status: 200,
      overall: 'fail',
    })
    const old = resultOf('database', 'fail', at(31))
    expect(await answersOf(old, resultOf('redis', 'pass', at(1)))).toEqual(unknown)
  })
})

it('an incident of a check that no longer exists here is over', async () => {
  const gone = setUp({ checkers: ['migrations', 'redis'], lastResults: async () => mixed.results.slice(1) })
  const kept = setUp()
  const read = async ({ get }: typeof gone) => ({
    open: JSON.parse((await get('status.json')).text).incidents.length,
    ends: JSON.parse((await get('history.json')).text).incidents.map(
      ({ to }: { to: unknown }) => to !== null,
    ),
    feed: /database fails/.test((await get('feed.atom')).text),
    page: /not over/.test((await get('status')).text),
  })
  expect(await read(kept)).toEqual({ open: 1, ends: [false, true], feed: true, page: true })
  expect(await read(gone)).toEqual({ open: 0, ends: [true, true], feed: false, page: false })
})

it.each(['history.json', 'feed.atom', 'status.json'])(
  '%s shows no check to those who may see the status alone',
  async (name) => {
    const app = setUp({ visibility: 'status' })
    expect((await app.get(name)).text).not.toMatch(/database|redis|timeout/)
    expect(app.read.history).toBe(0)
    const trusted = await app.get(name, { authorization: `Bearer ${token}` })
    expect(trusted.text).toContain('database')
    expect((await setUp({ visibility: 'none' }).get(name)).status).toBe(401)
  },
)
