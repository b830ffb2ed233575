import { describe, expect, it } from 'vitest'
import { isConfirmed, nextAlert } from '../../../src/notify/alerts/rules.ts'
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

  it('is not resolved for a channel that never heard of it', () => {
    const { webhook } = play('PFFPPP', { takes: (channel, run) => channel === 'slack' || run > 3 })
    expect(webhook).toEqual([])
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
