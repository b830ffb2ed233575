import { createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/core/clock.ts'
import { observe } from '../../../src/history/history.ts'
import { createAlerting } from '../../../src/notify/alerts/alerting.ts'
import {
  discordChannel,
  pagerDutyChannel,
  slackChannel,
  webhookChannel,
} from '../../../src/notify/alerts/channels.ts'
import { expectedMs, observed, start } from '../../history/arbitrary.ts'
import { serve } from '../../support/http.ts'

interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}
let received: Received[] = []
let answerOf: (path: string) => { status: number; headers?: Record<string, string> } = () => ({ status: 200 })
let url = ''
beforeEach(async () => {
  received = []
  answerOf = () => ({ status: 200 })
  url = await serve(async (request, response) => {
    const path = request.url ?? ''
    received.push({ path, headers: request.headers, body: await text(request) })
    const { status, headers } = answerOf(path)
    response.writeHead(status, headers).end()
  })
})

const secret = 'planted-webhook-secret'
const rules = { after: 2, resolveAfter: 2, remindAfterMs: undefined, warnings: false }

function setUp() {
  const complaints: string[] = []
  const alerting = createAlerting({
    channels: [
      slackChannel(`${url}/slack`),
      discordChannel(`${url}/discord`),
      pagerDutyChannel('routing-key', `${url}/pagerduty`),
      webhookChannel(`${url}/webhook`, secret, Date.now),
    ],
    rules,
    clock: systemClock,
    complain: (channel, reason) => complaints.push(`${channel}: ${reason}`),
  })
  let kept: unknown = null
  const notify = async (seconds: readonly number[], good: readonly number[] = []) => {
    const list = [
      observed(0),
      ...seconds.map((second) => observed(second, 'fail', { release: 'r2' })),
      ...good.map((second) => observed(second, 'pass', { release: 'r3' })),
    ]
    const now = start + 1000 * Math.max(...seconds, ...good)
    const notified = await alerting.notify(observe(new Map(), list, now, expectedMs), kept, 'shop', now)
    // As it comes back from the store.
    kept = JSON.parse(JSON.stringify(notified.kept))
    return notified
  }
  return { notify, complaints }
}
const bodyFor = (path: string, index = 0) =>
  JSON.parse(received.filter((each) => each.path === path)[index]?.body ?? 'null')

describe('the channels', () => {
  it('are each notified of a fault once, and once that it is over, in their own form', async () => {
    const { notify } = setUp()
    expect((await notify([30, 60])).isPending).toBe(false)
    await notify([30, 60, 90])
    await notify([30, 60, 90], [120, 150])
    await notify([30, 60, 90], [120, 150, 180])
    const paths = received.map(({ path }) => path).toSorted()
    expect(paths).toEqual(
      ['/slack', '/discord', '/pagerduty', '/webhook'].flatMap((path) => [path, path]).toSorted(),
    )
    expect(bodyFor('/slack')).toMatchObject({ text: 'shop: database fails', blocks: [{ type: 'section' }] })
    const text = bodyFor('/slack').blocks[0].text.text
    for (const part of ['database cannot be reached', 'unreachable', 'r2', 'r1', 'runbook.md#unreachable'])
      expect(text).toContain(part)
    expect(bodyFor('/discord', 1)).toMatchObject({
      embeds: [{ title: 'shop: database works again', color: 3_066_993 }],
    })
    expect(bodyFor('/pagerduty')).toMatchObject({
      routing_key: 'routing-key',
      event_action: 'trigger',
      dedup_key: 'shop/database',
      payload: {
        severity: 'critical',
        component: 'database',
        timestamp: new Date(start + 30_000).toISOString(),
      },
    })
    expect(bodyFor('/pagerduty', 1)).toMatchObject({ event_action: 'resolve', dedup_key: 'shop/database' })
  })

  it('get a webhook that its receiver can verify', async () => {
    const { notify } = setUp()
    await notify([30, 60])
    const { headers, body } = received.find(({ path }) => path === '/webhook') as Received
    const [, time, signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['x-edge-health-signature'])) ?? []
    expect(signature).toBe(createHmac('sha256', secret).update(`${time}.${body}`).digest('hex'))
    expect(JSON.parse(body)).toEqual({
      version: 1,
      id: `database/${start + 30_000}/fired`,
      event: 'fired',
      service: 'shop',
      check: 'database',
      status: 'fail',
      code: 'unreachable',
      output: 'database cannot be reached',
      since: (start + 30_000) / 1000,
      duration_seconds: 30,
      release: 'r2',
      release_before: 'r1',
      runbook: expect.stringMatching(/runbook\.md#unreachable$/),
    })
  })

  it.each([500, 404, 302])(
    'that answer %i are tried at the next run, with the same id, and logged once',
    async (status) => {
      const { notify, complaints } = setUp()
      answerOf = (path) => ({ status: path === '/webhook' ? status : 200 })
      expect((await notify([30, 60])).isPending).toBe(true)
      expect((await notify([30, 60, 90])).isPending).toBe(true)
      answerOf = () => ({ status: 204 })
      expect((await notify([30, 60, 90, 120])).isPending).toBe(false)
      expect(received.filter(({ path }) => path === '/slack')).toHaveLength(1)
      const webhooks = received
        .filter(({ path }) => path === '/webhook')
        .map(({ body }) => JSON.parse(body).id)
      expect(webhooks).toHaveLength(3)
      expect(new Set(webhooks).size).toBe(1)
      expect(complaints).toEqual([`webhook: status ${status}`])
    },
  )

  it('are left alone for as long as Retry-After asks', async () => {
    const { notify } = setUp()
    answerOf = (path) => ({ status: path === '/slack' ? 429 : 200, headers: { 'retry-after': '60' } })
    await notify([30, 60])
    answerOf = () => ({ status: 200 })
    await notify([30, 60, 90])
    expect(received.filter(({ path }) => path === '/slack')).toHaveLength(1)
  })

  it('that cannot be reached do not make an error', async () => {
    const complaints: string[] = []
    const alerting = createAlerting({
      channels: [slackChannel('http://127.0.0.1:1/planted-key')],
      rules,
      clock: systemClock,
      complain: (_channel, reason) => complaints.push(reason),
    })
    const history = observe(
      new Map(),
      [observed(0, 'fail'), observed(30, 'fail')],
      start + 30_000,
      expectedMs,
    )
    expect(await alerting.notify(history, 'nonsense', 'shop', start + 30_000)).toMatchObject({
      isPending: true,
    })
    expect(complaints).toHaveLength(1)
    expect(complaints.join()).not.toContain('planted')
  })
})
