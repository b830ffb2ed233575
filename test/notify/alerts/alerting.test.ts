import { text } from 'node:stream/consumers'
import { beforeEach, expect, it } from 'vitest'
import type { Result } from '../../../src/core/check.ts'
import { type History, observe } from '../../../src/history/history.ts'
import type { Observation } from '../../../src/history/observation.ts'
import { createAlerting } from '../../../src/notify/alerts/alerting.ts'
import type { Channel } from '../../../src/notify/alerts/channels.ts'
import { expectedMs, observed, start } from '../../history/arbitrary.ts'
import { fakeClock } from '../../support/fake-clock.ts'
import { serve } from '../../support/http.ts'

let answers: Record<string, { status: number; retryAfter?: string }> = {}
let received: { path: string; type: string | undefined; body: Record<string, unknown> }[] = []
let url = ''
beforeEach(async () => {
  answers = {}
  received = []
  url = await serve(async (request, response) => {
    const path = request.url ?? ''
    received.push({ path, type: request.headers['content-type'], body: JSON.parse(await text(request)) })
    const { status, retryAfter } = answers[path] ?? { status: 200 }
    response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
  })
})

/** Sends the whole event, so that a test sees what a message is made of. */
const channel = (name: string): Channel => ({
  name,
  request: (event) => ({ url: `${url}/${name}`, body: JSON.stringify(event), headers: {} }),
})

const clock = fakeClock()
function isolate(names: readonly string[], more: { details?: boolean } = {}) {
  const complaints: string[] = []
  const alerting = createAlerting({
    channels: names.map(channel),
    rules: { after: 2, resolveAfter: 2, remindAfterMs: undefined, warnings: false },
    clock,
    complain: (name, reason) => complaints.push(`${name}: ${reason}`),
    ...more,
  })
  return { alerting, complaints }
}

const historyOf = (...list: Observation[]): History =>
  observe(new Map(), list, start + 90_000_000, expectedMs)
const bad = (check = 'database') => [
  observed(0, 'pass', { check, release: 'r0' }),
  observed(30, 'pass', { check }),
  observed(60, 'fail', { check, release: 'r2', output: 'first' }),
  observed(90, 'fail', { check, release: 'r2', output: 'second' }),
  observed(120, 'fail', { check, release: 'r2', output: 'third' }),
]
/** Of a check of which no recent result is left. */
function withoutLatest(): History {
  const before = historyOf(...bad()).get('database')?.before
  if (!before) throw new Error('nothing is known of the check')
  return new Map([['database', { latest: [], before }]])
}
const now = start + 120_000

it('tells of the last result, and of the release before the check became bad', async () => {
  await isolate(['slack']).alerting.notify(historyOf(...bad()), null, 'shop', now)
  expect(received).toHaveLength(1)
  expect(received[0]).toMatchObject({
    type: 'application/json',
    body: {
      kind: 'fired',
      service: 'shop',
      check: 'database',
      since: start + 60_000,
      last: { output: 'third' },
      releaseBefore: 'r1',
      findings: [],
    },
  })
})

it('knows no release before where the check was bad from the first result on', async () => {
  await isolate(['slack']).alerting.notify(historyOf(...bad().slice(2)), null, 'shop', now)
  expect(received[0]?.body).toMatchObject({ releaseBefore: '' })
})

it('names what differs only where that is asked for, and not where the result is of another fault', async () => {
  const details = { findings: [{ difference: 'missing', kind: 'column', object: 'public.orders.total' }] }
  const resultOf = (code: string) => (): Result => ({
    ...{ checker: 'database', status: 'fail', code, output: 'x', details },
    ...{ timestamp: now, expires: now, responseTime: 1 },
  })
  const findings = async (more: { details?: boolean }, code: string) => {
    received = []
    await isolate(['slack'], more).alerting.notify(historyOf(...bad()), null, 'shop', now, resultOf(code))
    return received[0]?.body['findings']
  }
  expect(await findings({}, 'unreachable')).toEqual(['missing column'])
  expect(await findings({ details: true }, 'unreachable')).toEqual(['missing column public.orders.total'])
  expect(await findings({}, 'drift')).toEqual([])
})

it('keeps nothing of a check that is well', async () => {
  const history = historyOf(...bad(), observed(0, 'pass', { check: 'redis' }))
  const { kept, isPending } = await isolate(['slack']).alerting.notify(history, null, 'shop', now)
  expect(kept).toMatchObject([['database', { kind: 'fired', done: ['slack'], notified: ['slack'] }]])
  expect(isPending).toBe(false)
})

it('keeps what was said of a check of which no recent result is left', async () => {
  const first = await isolate(['slack']).alerting.notify(historyOf(...bad()), null, 'shop', now)
  const second = await isolate(['slack']).alerting.notify(withoutLatest(), first.kept, 'shop', now)
  expect(second).toEqual({ kept: first.kept, isPending: false })
  expect(received).toHaveLength(1)
})

it('lets another isolate go on with the channels that are left', async () => {
  answers = { '/webhook': { status: 500 } }
  const first = await isolate(['slack', 'webhook']).alerting.notify(historyOf(...bad()), null, 'shop', now)
  answers = {}
  const kept = JSON.parse(JSON.stringify(first.kept))
  const second = await isolate(['slack', 'webhook']).alerting.notify(historyOf(...bad()), kept, 'shop', now)
  expect([first.isPending, second.isPending]).toEqual([true, false])
  expect(received.map(({ path }) => path).toSorted()).toEqual(['/slack', '/webhook', '/webhook'])
})

it('asks whether it is its turn only where somebody is left to be notified of a known result', async () => {
  const asked: string[] = []
  const claim = async (id: string) => {
    asked.push(id)
    return true
  }
  const notify = (names: readonly string[], kept: unknown, history = historyOf(...bad())) =>
    isolate(names).alerting.notify(history, kept, 'shop', now, () => undefined, claim)
  const { kept } = await notify(['slack'], null)
  expect(asked).toHaveLength(1)
  await notify(['slack'], kept)
  await notify(['slack', 'mail'], kept, withoutLatest())
  expect(asked).toHaveLength(1)
})

it('is sent by nobody whose turn it is not, and is pending until that is known', async () => {
  const notMine = async () => false
  const { kept, isPending } = await isolate(['slack']).alerting.notify(
    historyOf(...bad()),
    null,
    'shop',
    now,
    () => undefined,
    notMine,
  )
  expect(received).toEqual([])
  expect(isPending).toBe(true)
  await isolate(['slack']).alerting.notify(historyOf(...bad()), kept, 'shop', now)
  expect(received).toHaveLength(1)
})

it('is pending while one of several checks got no message, and leaves a busy channel alone until its time', async () => {
  answers = { '/slack': { status: 429, retryAfter: '60' } }
  const { alerting } = isolate(['slack'])
  const notify = (...list: Observation[]) => alerting.notify(historyOf(...list), null, 'shop', now)
  expect((await notify(...bad())).isPending).toBe(true)
  answers = {}
  await clock.advance(59_999)
  expect((await notify(...bad())).isPending).toBe(true)
  expect(received).toHaveLength(1)
  await clock.advance(1)
  expect((await notify(...bad())).isPending).toBe(false)
  expect(received).toHaveLength(2)
  answers = { '/slack': { status: 500 } }
  expect((await notify(...bad(), ...bad('redis'))).isPending).toBe(true)
})

it('leaves a channel alone for ten minutes at most, whatever it asks for', async () => {
  answers = { '/slack': { status: 503, retryAfter: '86400' } }
  const { alerting } = isolate(['slack'])
  const notify = () => alerting.notify(historyOf(...bad()), null, 'shop', now)
  await notify()
  await clock.advance(599_999)
  await notify()
  expect(received).toHaveLength(1)
  await clock.advance(1)
  await notify()
  expect(received).toHaveLength(2)
})

it.each([
  [299, false],
  [300, true],
  [400, true],
])('takes the status %i as an answer that leaves the message pending: %s', async (status, isPending) => {
  answers = { '/slack': { status } }
  const { alerting, complaints } = isolate(['slack'])
  expect((await alerting.notify(historyOf(...bad()), null, 'shop', now)).isPending).toBe(isPending)
  expect(complaints).toEqual(isPending ? [`slack: status ${status}`] : [])
})

it('complains of each channel, and again after five minutes', async () => {
  answers = { '/slack': { status: 500 }, '/webhook': { status: 404 } }
  const { alerting, complaints } = isolate(['slack', 'webhook'])
  const notify = () => alerting.notify(historyOf(...bad()), null, 'shop', now)
  const once = ['slack: status 500', 'webhook: status 404']
  await notify()
  await clock.advance(299_999)
  await notify()
  expect(complaints.toSorted()).toEqual(once)
  await clock.advance(1)
  await notify()
  expect(complaints.toSorted()).toEqual([...once, ...once].toSorted())
})
