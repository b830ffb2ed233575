/** What is known of the past, through the app. */
import { expect, it } from 'vitest'
import type { AppOptions } from '../../src/http/app.ts'
import { eventful } from './formats/histories.ts'
import { resultOf } from './formats/reports.ts'
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
