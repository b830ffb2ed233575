import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/check.ts'
import { systemClock } from '../../../src/core/clock.ts'
import { observe } from '../../../src/history/history.ts'
import { createAlerting } from '../../../src/notify/alerts/alerting.ts'
import {
  discordChannel,
  pagerDutyChannel,
  slackChannel,
  webhookChannel,
} from '../../../src/notify/alerts/channels.ts'
import { findingsIn } from '../../../src/notify/alerts/findings.ts'
import { expectedMs, observed, start } from '../../history/arbitrary.ts'
import { serve } from '../../support/http.ts'

const finding = (difference: string, kind: string, object: string, severity = 'fail') => ({
  ...{ difference, kind, object, severity },
  expected: "text default 'planted definition'",
  found: 'text',
  fix: 'ALTER TABLE planted',
})

const drift = (findings: unknown): Result => ({
  checker: 'migrations',
  status: 'fail',
  code: 'drift',
  output: 'the database differs from the migrations',
  details: { findings },
  timestamp: start,
  expires: start,
  responseTime: 3,
})

const three = drift([
  finding('changed', 'column', 'public.planted_orders.total'),
  finding('changed', 'column', 'public.planted_orders.tax'),
  finding('missing', 'index', 'public.planted_index', 'warn'),
  finding('extra', 'table', 'public.planted_extra', 'info'),
])

describe('what an alert says of findings', () => {
  it('is their kinds, counted, without what is information', () => {
    expect(findingsIn(three, false)).toEqual(['changed column (2)', 'missing index'])
  })

  it('is their names where that was asked for, never a definition', () => {
    const words = findingsIn(three, true)
    expect(words[0]).toBe('changed column public.planted_orders.total')
    expect(words.join()).not.toMatch(/definition|ALTER/)
  })

  it('is nothing of a result that passes, and of details without a list of findings', () => {
    expect(findingsIn({ ...three, status: 'pass' }, true)).toEqual([])
    expect(findingsIn(drift('missing column'), false)).toEqual([])
    expect(findingsIn(undefined, false)).toEqual([])
    expect(findingsIn({ ...three, details: {} }, false)).toEqual([])
  })

  it('is what has words: a finding without a difference or a kind is left out', () => {
    const strange = [
      { difference: ['missing'], kind: 'column' },
      { difference: 'missing', kind: ['column'] },
      'missing',
    ]
    expect(findingsIn(drift([...strange, finding('extra', 'index', 'x')]), false)).toEqual(['extra index'])
  })

  it('counts the other kinds only where there are some', () => {
    const of = (...kinds: string[]) =>
      findingsIn(drift(kinds.map((kind) => finding('missing', kind, 'x'))), false)
    expect(of('column', 'index', 'policy')).toEqual(['missing column', 'missing index', 'missing policy'])
    expect(of('column', 'index', 'policy', 'rule')[3]).toBe('and 1 other kind')
  })

  it('is three kinds at most', () => {
    const kinds = ['column', 'index', 'policy', 'trigger', 'rule']
    const many = drift(kinds.map((kind) => finding('missing', kind, 'x')))
    expect(findingsIn(many, false).slice(2)).toEqual(['missing policy', 'and 2 other kinds'])
  })

  it.each([
    ['words of somebody else', [finding('planted', 'column', 'x'), finding('missing', 'planted host', 'x')]],
    ['another shape', [null, 7, 'planted', {}, 'and 40 more']],
    ['no list', 'planted'],
    ['a table as a kind', [{ kind: { toString: 'planted' }, difference: 'missing' }]],
  ])('is nothing of %s', (_what, findings) => {
    expect(findingsIn(drift(findings), false)).toEqual([])
  })

  it('is nothing where nothing is known', () => {
    expect(findingsIn(undefined, false)).toEqual([])
    expect(findingsIn({ ...three, details: {} }, true)).toEqual([])
  })
})

describe('over every channel', () => {
  let bodies = new Map<string, string>()
  let url = ''
  beforeEach(async () => {
    bodies = new Map()
    url = await serve(async (request, response) => {
      bodies.set(request.url ?? '', await text(request))
      response.writeHead(200).end()
    })
  })

  async function notify(details: boolean, result: Result = three) {
    const alerting = createAlerting({
      channels: [
        slackChannel(`${url}/slack`),
        discordChannel(`${url}/discord`),
        pagerDutyChannel('routing-key', `${url}/pagerduty`),
        webhookChannel(`${url}/webhook`, 'planted-webhook-secret', Date.now),
      ],
      rules: { after: 2, resolveAfter: 2, remindAfterMs: undefined, warnings: false },
      details,
      clock: systemClock,
      complain: () => {},
    })
    const bad = { check: 'migrations', code: 'drift', output: result.output }
    const history = observe(
      new Map(),
      [observed(0, 'fail', bad), observed(30, 'fail', bad)],
      start + 30_000,
      expectedMs,
    )
    await alerting.notify(history, null, 'shop', start + 30_000, (check) =>
      check === 'migrations' ? result : undefined,
    )
    expect([...bodies.keys()].toSorted()).toEqual(['/discord', '/pagerduty', '/slack', '/webhook'])
    return bodies
  }

  it('the kinds are said, and no name', async () => {
    for (const body of (await notify(false)).values()) {
      expect(body).toContain('changed column (2)')
      expect(body).not.toMatch(/planted/)
    }
    expect(JSON.parse(bodies.get('/webhook') ?? '')).toMatchObject({
      findings: ['changed column (2)', 'missing index'],
    })
  })

  it('with ALERT_DETAILS=on the names are said, and no definition', async () => {
    for (const body of (await notify(true)).values()) {
      expect(body).toContain('changed column public.planted_orders.total')
      expect(body).not.toMatch(/definition|ALTER/)
    }
  })

  it('nothing is said of a result that is not the one of the alert', async () => {
    for (const body of (await notify(true, { ...three, code: 'extra' })).values()) {
      expect(body).not.toMatch(/planted_|changed column/)
    }
  })
})
