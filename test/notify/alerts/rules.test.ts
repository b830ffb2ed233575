import { describe, expect, it } from 'vitest'
import type { Alert, AlertRules } from '../../../src/notify/alerts/alert.ts'
import { delivered, isConfirmed, nextAlert, undelivered } from '../../../src/notify/alerts/rules.ts'
import { observed, start } from '../../history/arbitrary.ts'
import { play, rules } from './play.ts'

const calm = 'P'.repeat(21)

describe('an alert', () => {
  it.each([
    ['one bad run is none', 'PPFPP', []],
    ['two bad runs fire, two good ones resolve, each once', 'PFFFFPPPP', ['fired@2', 'resolved@6']],
    ['one good run among bad ones resolves nothing', 'PFFPFFF', ['fired@2']],
    [
      'the next incident is a message of its own',
      `PFFPP${calm}FFPP`,
      ['fired@2', 'resolved@4', 'fired@27', 'resolved@29'],
    ],
    ['a check that is bad from the first run on is said', 'FF', ['fired@1']],
    ['a warning is none', 'PWWWW', []],
  ])('%s', (_what, text, said) => {
    expect(play(text).said).toEqual(said)
  })

  it('follows its thresholds', () => {
    expect(play('FFFPPP', { by: { ...rules, after: 3, resolveAfter: 1 } }).said).toEqual([
      'fired@2',
      'resolved@3',
    ])
    expect(play('WW', { by: { ...rules, warnings: true } }).said).toEqual(['fired@1'])
  })

  it('counts results of several isolates at the same moment as one run', () => {
    expect(play('PFFFF', { apart: 1 }).said).toEqual([])
    expect(play('PFFFFFFFF', { apart: 3 }).said).toEqual(['fired@4'])
  })

  it('is said again after ALERT_REMIND_AFTER, counted from the last message', () => {
    expect(play('F'.repeat(25), { by: { ...rules, remindAfterMs: 300_000 } }).said).toEqual([
      'fired@1',
      'reminder@11',
      'reminder@21',
    ])
  })

  it('is one message while a check flaps, then one an hour, and the end of it', () => {
    const flapping = 'FP'.repeat(130)
    expect(play(`PP${flapping}${'P'.repeat(25)}`).said).toEqual([
      'flapping@5',
      'flapping@125',
      'flapping@245',
      'resolved@278',
    ])
  })

  it('says that a check stays bad after it has flapped', () => {
    expect(play(`PFPFP${'F'.repeat(30)}`).said).toEqual(['flapping@4', 'fired@22'])
  })

  it('is not made by a check that repeats the fault of another one', () => {
    expect(play('PFFFF', { more: () => ({ causedBy: 'redis' }) }).said).toEqual([])
  })

  it('waits for the end of a maintenance window, and says what is still bad then', () => {
    const more = (run: number) => ({ isMaintenance: run < 5 })
    expect(play('PFFFFFF', { more }).said).toEqual(['fired@5'])
    expect(play('PFFFPPP', { more }).said).toEqual([])
  })

  it('is said to each channel until it took it, with the same id', () => {
    const first = play('PFF', { takes: () => false })
    expect(first.said).toEqual([])
    const ids = ['PFF', 'PFFF', 'PFFFF'].map((text) => play(text, { takes: () => false }).alert?.id)
    expect(new Set(ids).size).toBe(1)
    const { said, webhook } = play('PFFFFPPPP', { takes: (channel, run) => channel === 'slack' || run > 3 })
    expect(said).toEqual(['fired@2', 'resolved@6'])
    expect(webhook).toEqual(['fired@4 webhook', 'resolved@6 webhook'])
  })

  it('is not resolved for a channel that did not get the alert', () => {
    const { webhook } = play('PFFPPP', { takes: (channel, run) => channel === 'slack' || run > 3 })
    expect(webhook).toEqual([])
  })
})

describe('what is said', () => {
  const at = (second: number) => start + second * 1000
  const seen = (text: string) =>
    [...text].map((letter, run) => observed(run * 30, letter === 'F' ? 'fail' : 'pass'))
  const say = (text: string, alert?: Alert, by: AlertRules = rules) => {
    const latest = seen(text)
    return nextAlert(alert, latest, latest.at(-1)?.at ?? 0, by)
  }
  const fired: Alert = {
    kind: 'fired',
    id: `database/${at(30)}/fired`,
    since: at(30),
    at: at(60),
    done: [],
    notified: [],
  }

  it('is since when the check is bad, when that was decided, and an id that every isolate makes alike', () => {
    expect(say('PFF')).toEqual(fired)
  })

  it('names in its end the incident that ends, and who knows of it', () => {
    expect(say('PFFPP', { ...fired, done: ['slack'], notified: ['slack'] })).toEqual({
      kind: 'resolved',
      id: `database/${at(30)}/resolved`,
      since: at(30),
      at: at(120),
      done: [],
      notified: ['slack'],
    })
  })

  it('is another message each time that it is said again', () => {
    const by = { ...rules, remindAfterMs: 60_000 }
    expect(say('PFFF', fired, by)).toBe(fired)
    expect(say('PFFFF', fired, by)).toEqual({
      ...fired,
      kind: 'reminder',
      id: `database/${at(30)}/reminder/${at(60)}`,
      at: at(120),
    })
  })

  it('of a check that flaps is said anew each hour, as the same trouble', () => {
    const flapping = {
      ...fired,
      kind: 'flapping',
      id: `database/${at(120)}/flapping`,
      since: at(120),
      at: at(120),
    }
    expect(say('PFPFP')).toEqual(flapping)
    const hourLater = at(120) + 3_600_000
    const again = (now: number) => nextAlert(flapping as Alert, seen('PFPFP'), now, rules)
    expect(again(hourLater - 1)).toBe(flapping)
    expect(again(hourLater)).toEqual({
      ...flapping,
      id: `database/${at(120)}/flapping/${at(120)}`,
      at: hourLater,
    })
  })

  it('is kept with who has taken it, and with who knows that the check is bad until its end', () => {
    const afterSlack = delivered({ ...fired, done: ['slack'], notified: ['slack'] }, ['slack', 'webhook'])
    expect(afterSlack).toEqual({ ...fired, done: ['slack', 'webhook'], notified: ['slack', 'webhook'] })
    expect(undelivered(afterSlack, ['slack', 'webhook', 'pagerduty'])).toEqual(['pagerduty'])
    const resolved: Alert = { ...afterSlack, kind: 'resolved', done: [] }
    expect(undelivered(resolved, ['slack', 'pagerduty'])).toEqual(['slack'])
    expect(delivered(resolved, ['slack'])).toEqual({ ...resolved, done: ['slack'], notified: ['webhook'] })
  })

  it('counts a warning as bad where that is asked for, and a pass as good', () => {
    expect(play('PWWWPP', { by: { ...rules, warnings: true } }).said).toEqual(['fired@2', 'resolved@5'])
  })

  it('takes results that lie five seconds apart as two runs', () => {
    expect(play('PFF', { apart: 5 }).said).toEqual(['fired@2'])
  })
})

describe('a fault is confirmed', () => {
  const rules = { after: 2 }
  it.each([
    ['by a bad run before it', [observed(0), observed(30, 'fail'), observed(60, 'fail')], true],
    [
      'not by one that is less than 5 s before it',
      [observed(0), observed(30, 'fail'), observed(34, 'fail')],
      false,
    ],
    ['not where it was good between', [observed(0, 'fail'), observed(30), observed(60, 'fail')], false],
    ['not by a warning', [observed(0, 'warn'), observed(30, 'fail')], false],
    ['not by itself', [observed(0, 'fail')], false],
    ['not where it is over', [observed(0, 'fail'), observed(30, 'fail'), observed(60)], false],
    ['not where two good runs are the last', [observed(0), observed(30)], false],
    ['not by nothing', [], false],
  ])('%s', (_what, latest, expected) => {
    expect(isConfirmed(latest, rules)).toBe(expected)
  })

  it('when the first alert would be said: the count is the same, and never below two', () => {
    const bad = [0, 30, 60].map((second) => observed(second, 'fail'))
    for (const after of [2, 3, 4]) {
      const all = { after, resolveAfter: 2, remindAfterMs: undefined, warnings: false }
      expect(isConfirmed(bad, { after })).toBe(
        nextAlert(undefined, bad, start + 60_000, all)?.kind === 'fired',
      )
    }
    expect(isConfirmed(bad.slice(0, 1), { after: 1 })).toBe(false)
  })
})
