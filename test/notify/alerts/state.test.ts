import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/notify/alerts/alert.ts'
import { mergeAlerts, readAlerts, writeAlerts } from '../../../src/notify/alerts/state.ts'

const alert: Alert = {
  kind: 'fired',
  id: 'redis/5/fired',
  since: 5,
  at: 9,
  done: ['slack'],
  notified: ['slack', 'webhook'],
}

describe('what is kept of the alerts', () => {
  it.each(['fired', 'resolved', 'reminder', 'flapping'] as const)('is read as it was written: %s', (kind) => {
    const alerts = new Map([['redis', { ...alert, kind }]])
    expect(readAlerts(JSON.parse(JSON.stringify(writeAlerts(alerts))))).toEqual(alerts)
  })

  it.each<[string, unknown]>([
    ['a text', 'planted'],
    ['null', null],
    ['an object', { redis: alert }],
    ['entries that are not lists', [null, 'redis', 7, { 0: 'redis', 1: alert }]],
    ['a name that is not a text', [[7, alert]]],
    ['an alert that is not an object', [['redis', 'fired']]],
    ['a kind that does not exist', [['redis', { ...alert, kind: 'planted' }]]],
    ['an id that is not a text', [['redis', { ...alert, id: 7 }]]],
    ['an id that is a short list', [['redis', { ...alert, id: ['x'] }]]],
    ['an id of 200 characters', [['redis', { ...alert, id: 'x'.repeat(200) }]]],
    ['a time that is not a number', [['redis', { ...alert, at: '9' }]]],
    ['a beginning that is not a number', [['redis', { ...alert, since: null }]]],
    ['channels that are not a list', [['redis', { ...alert, done: 'slack' }]]],
    ['no channels that know of it', [['redis', { ...alert, notified: undefined }]]],
    ['a channel that is not a text', [['redis', { ...alert, notified: ['slack', 7] }]]],
    ['a channel that is a short list', [['redis', { ...alert, done: [['slack']] }]]],
    ['a channel with a name of 50 characters', [['redis', { ...alert, done: ['x'.repeat(50)] }]]],
    ['more than ten channels', [['redis', { ...alert, done: Array(11).fill('slack') }]]],
  ])('is as if nothing had been said where it is or has %s', (_, kept) => {
    expect(readAlerts(kept)).toEqual(new Map())
  })

  it('keeps the good entries beside a bad one', () => {
    expect([
      ...readAlerts([
        ['mail', null],
        ['redis', alert],
      ]).keys(),
    ]).toEqual(['redis'])
  })

  it('has at most the longest names, ten channels and fifty checks', () => {
    const whole = { ...alert, id: 'x'.repeat(199), done: Array(10).fill('x'.repeat(49)) }
    const many = Array.from({ length: 60 }, (_, index) => [`check-${index}`, whole] as const)
    expect(readAlerts(many).size).toBe(50)
    expect(writeAlerts(new Map(many))).toHaveLength(50)
  })
})

describe('of what two isolates said', () => {
  const merged = (one: Partial<Alert>, other: Partial<Alert>) =>
    mergeAlerts(new Map([['redis', { ...alert, ...one }]]), new Map([['redis', { ...alert, ...other }]])).get(
      'redis',
    )

  it('both are known where they are of two checks', () => {
    const both = mergeAlerts(new Map([['redis', alert]]), new Map([['mail', alert]]))
    expect([...both.keys()]).toEqual(['redis', 'mail'])
  })

  it('what was decided later counts, in whatever order they come', () => {
    const later = { kind: 'resolved', id: 'redis/5/resolved', at: 10, done: [] } as const
    expect(merged(later, {})).toMatchObject(later)
    expect(merged({}, later)).toMatchObject(later)
  })

  it('of the same event that counts which more channels have taken', () => {
    const more = { done: ['slack', 'webhook'] }
    expect(merged(more, {})).toMatchObject(more)
    expect(merged({}, more)).toMatchObject(more)
    // Of two that decided it at the same moment only one says it.
    expect(merged(more, { at: alert.at + 1, done: [] })).toMatchObject(more)
    expect(merged({ at: alert.at + 1, done: [] }, more)).toMatchObject(more)
  })

  it('of the same event that counts too where one of them has seen another first bad run', () => {
    const more = { id: 'redis/4/fired', since: 4, done: ['slack', 'webhook'] }
    expect(merged(more, { at: alert.at + 4999, done: [] })).toMatchObject(more)
    expect(merged({ at: alert.at + 4999, done: [] }, more)).toMatchObject(more)
    const later = { at: alert.at + 5000, done: [] }
    expect(merged(more, later)).toMatchObject(later)
  })

  it('of the same event that counts too where it was decided once more, much later', () => {
    const more = { done: ['slack', 'webhook'] }
    expect(merged(more, { at: alert.at + 60_000, done: [] })).toMatchObject(more)
    expect(merged({ at: alert.at + 60_000, done: [] }, more)).toMatchObject(more)
  })

  it('another event of the same moment with more channels takes nothing away', () => {
    const other = { kind: 'resolved', id: 'redis/5/resolved', done: ['slack', 'webhook'] } as const
    expect(merged({}, other)).toEqual(alert)
  })

  it('neither is changed', () => {
    const one = new Map([['redis', alert]])
    mergeAlerts(one, new Map([['mail', alert]]))
    expect([...one.keys()]).toEqual(['redis'])
  })
})
