import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/check.ts'
import { createServerTime } from '../../src/store/server-time.ts'
import { fakeClock } from '../support/fake-clock.ts'

const result = (timestamp: number): Result => ({
  checker: 'redis',
  status: 'pass',
  code: 'ok',
  output: 'redis ok',
  timestamp,
  expires: timestamp + 27_000,
  responseTime: 1,
})
/** The server's clock, as the header of its answer says it. */
const dateOf = (clock: { now(): number }) => Math.floor(clock.now() / 1000) * 1000

/** Two isolates whose clocks are this far apart; the first one's is that of the server. */
function apart(ms: number) {
  const [right, wrong] = [fakeClock(), fakeClock()]
  wrong.setBack(ms)
  const [there, here] = [createServerTime(right), createServerTime(wrong)]
  return {
    right,
    wrong,
    there,
    here,
    /** Both ask, and have their answers this much later; the server reads its clock in the middle. */
    async ask(takesMs: number, meanwhile = () => {}) {
      const askedAt = right.monotonic()
      for (const clock of [right, wrong]) await clock.advance(takesMs / 2)
      const date = dateOf(right)
      meanwhile()
      for (const clock of [right, wrong]) await clock.advance(takesMs / 2)
      for (const time of [there, here]) time.observe(date, right.monotonic() - askedAt)
    },
    async move(ms: number) {
      for (const clock of [right, wrong]) await clock.advance(ms)
    },
    /** How wrong a result of 5 s ago is after the way from the one to the other, in ms. */
    errors: () => [
      here.fromServer(there.toServer(result(right.now() - 5000))).timestamp - (wrong.now() - 5000),
      there.fromServer(here.toServer(result(wrong.now() - 5000))).timestamp - (right.now() - 5000),
    ],
  }
}

describe('times of results by the clock of the server', () => {
  it.each([-30_000, -3600, -700, 900, 4100, 30_000])(
    'bring isolates together that are %i ms apart, to the second after one answer',
    async (apartMs) => {
      const both = apart(apartMs)
      await both.ask(20)
      for (const error of both.errors()) expect(Math.abs(error)).toBeLessThanOrEqual(1000)
    },
  )

  it.each([-30_000, -700, 900, 4100, 30_000])(
    'bring isolates together that are %i ms apart, to 110 ms after ten answers',
    async (apartMs) => {
      const both = apart(apartMs)
      for (let asked = 0; asked < 10; asked += 1) {
        await both.ask(20)
        await both.move(5080)
      }
      for (const error of both.errors()) expect(Math.abs(error)).toBeLessThanOrEqual(110)
    },
  )

  it('know nothing worse after an answer that took long', async () => {
    const both = apart(4100)
    for (let asked = 0; asked < 10; asked += 1) {
      await both.ask(asked === 5 ? 900 : 20)
      await both.move(5080)
    }
    for (const error of both.errors()) expect(Math.abs(error)).toBeLessThanOrEqual(110)
  })

  it('follow a clock that is set', async () => {
    const both = apart(4100)
    for (let asked = 0; asked < 10; asked += 1) await both.ask(20)
    both.wrong.setBack(-9000)
    await both.ask(20)
    for (const error of both.errors()) expect(Math.abs(error)).toBeLessThanOrEqual(1000)
  })

  it.each([-30_000, 30_000])(
    'follow a clock that is set by %i ms while an answer is on its way',
    async (ms) => {
      const both = apart(4100)
      for (let asked = 0; asked < 10; asked += 1) await both.ask(20)
      await both.ask(20, () => both.wrong.setBack(ms))
      for (const error of both.errors()) expect(Math.abs(error)).toBeLessThanOrEqual(1000)
    },
  )

  it('follow a clock that is slow', async () => {
    const both = apart(0)
    for (let asked = 0; asked < 300; asked += 1) {
      await both.ask(20)
      await both.move(5080)
      both.wrong.setBack(5)
    }
    for (const error of both.errors()) expect(Math.abs(error)).toBeLessThanOrEqual(150)
  })

  it('are those of the isolate while its clock may be right', async () => {
    const both = apart(0)
    for (let asked = 0; asked < 10; asked += 1) {
      await both.ask(20)
      await both.move(5080)
    }
    expect(both.here.toServerMs(1000)).toBe(1000)
    expect(both.errors()).toEqual([0, 0])
  })

  it('are found by the least and the most that all answers allow', () => {
    const clock = fakeClock()
    const aheadAfter = (...answers: [aheadMs: number, tookMs: number][]) => {
      const time = createServerTime(clock)
      for (const [aheadMs, tookMs] of answers) time.observe(clock.now() + aheadMs, tookMs)
      return time.toServerMs(0)
    }
    // One says 5 to 6 s, and the other one 5.8 to 6.8.
    expect(aheadAfter([5000, 0], [5800, 0])).toBe(5900)
    expect(aheadAfter([5000, 0], [6000, 0])).toBe(6000)
    // The clock was set, so the first one counts no more.
    expect(aheadAfter([9000, 0], [5000, 0], [5800, 0])).toBe(5900)
    // Clocks that may agree do.
    expect(aheadAfter([-1000, 0])).toBe(0)
    expect(aheadAfter([-1001, 0])).toBe(-501)
    expect(aheadAfter([1, 0])).toBe(501)
    // The server may have read its clock at the beginning of an answer that took long.
    expect(aheadAfter([-3000, 3000])).toBe(0)
    // By a clock that was set back an answer took less than no time: that counts as none.
    expect(aheadAfter([0, -5000])).toBe(0)
  })

  it('follow a clock that was set by less than contradicts what it said before', () => {
    const clock = fakeClock()
    const time = createServerTime(clock)
    const answers = (aheadMs: number) => {
      for (let count = 0; count < 16; count += 1) time.observe(clock.now() + aheadMs - (count % 2) * 900, 400)
    }
    answers(5000)
    expect(time.toServerMs(0)).toBe(5250)
    answers(4800)
    expect(time.toServerMs(0)).toBe(5050)
  })

  it('are those of the server for moments too, there and back', () => {
    const clock = fakeClock()
    const time = createServerTime(clock)
    time.observe(clock.now() + 30_000, 0)
    const moments = { historyAt: clock.now() - 5000, changedAt: clock.now() - 9000 }
    const theirs = { historyAt: moments.historyAt + 30_500, changedAt: moments.changedAt + 30_500 }
    expect(time.toServerMoments(moments)).toEqual(theirs)
    expect(time.fromServerMoments(theirs)).toEqual(moments)
  })

  it('are believed while the server is at most a minute ahead or behind', () => {
    const clock = fakeClock()
    const isFar = (aheadMs: number) => {
      const time = createServerTime(clock)
      time.observe(clock.now() + aheadMs - 500, 0)
      return [time.isFar(), time.toServerMs(0)]
    }
    for (const sign of [1, -1]) {
      expect(isFar(sign * 60_000)).toEqual([false, sign * 60_000])
      expect(isFar(sign * 60_001)).toEqual([true, 0])
    }
  })

  it('take nothing from the future, where it is near enough to be a difference of clocks', () => {
    const clock = fakeClock()
    const time = createServerTime(clock)
    expect(time.fromServer(result(clock.now() - 100))).toEqual(result(clock.now() - 100))
    expect(time.fromServer(result(clock.now() + 2000))).toEqual(result(clock.now()))
    expect(time.fromServer(result(clock.now() + 2001))).toEqual(result(clock.now() + 2001))
  })

  it('do not make results of today of those that are far in the future', () => {
    const clock = fakeClock()
    const time = createServerTime(clock)
    expect(time.fromServer(result(clock.now() + 30_000))).toEqual(result(clock.now() + 30_000))
    time.observe(clock.now() + 86_400_000, 0)
    expect(time.fromServer(result(clock.now() + 86_400_000))).toEqual(result(clock.now() + 86_400_000))
    time.observe(undefined, 0)
    expect(time.toServer(result(clock.now()))).toEqual(result(clock.now()))
  })
})
