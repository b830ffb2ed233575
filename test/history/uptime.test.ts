import { expect, it } from 'vitest'
import { dayMs, dayOf, percent, uptimeOf } from '../../src/history/uptime.ts'

const none = { pass: 0, warn: 0, fail: 0, maintenance: 0 }
const today = 20_000
const now = today * dayMs + 5000

it('a day begins at midnight, UTC', () => {
  expect([dayOf(today * dayMs - 1), dayOf(today * dayMs), dayOf(now)]).toEqual([today - 1, today, today])
})

it('uptime is the part of the known time without a failure: a warning counts as up, maintenance neither way', () => {
  const days = [{ ...none, day: today, pass: 50, warn: 40, fail: 10, maintenance: 900 }]
  expect(uptimeOf({ days }, 1, now)).toBe(0.9)
})

it('it is that of the last days, with today', () => {
  const days = [
    { ...none, day: today - 2, fail: 100 },
    { ...none, day: today - 1, pass: 50 },
    { ...none, day: today, fail: 50 },
  ]
  expect([1, 2, 3].map((count) => uptimeOf({ days }, count, now))).toEqual([0, 0.5, 0.25])
})

it('it is not known where nothing but maintenance is known', () => {
  expect(uptimeOf({ days: [] }, 90, now)).toBeUndefined()
  expect(uptimeOf({ days: [{ ...none, day: today, maintenance: 5 }] }, 1, now)).toBeUndefined()
})

it.each([
  [undefined, '-'],
  [1, '100 %'],
  [0.999_999, '99.99 %'],
  [0.9, '90.00 %'],
  [0, '0.00 %'],
])('%s is written as %s: what failed at all is never 100 %%', (part, text) => {
  expect(percent(part)).toBe(text)
})
