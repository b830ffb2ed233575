import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keptIncidents } from '../../src/history/check-record.ts'
import { decodeHistory, encodeHistory, maxHistoryBytes } from '../../src/history/encode.ts'
import { type History, incidentsOf, keptPoints, observe, recordOf } from '../../src/history/history.ts'
import type { Observation } from '../../src/history/observation.ts'
import { expectedMs, observations, observed, start } from './arbitrary.ts'

const later = start + 90_000_000
const all = (list: readonly Observation[], history: History = new Map()) =>
  observe(history, list, later, expectedMs)
const record = (history: History, check = 'database') => {
  const known = history.get(check)
  if (!known) throw new Error(`nothing is known of ${check}`)
  return recordOf(known, expectedMs)
}
const incidents = (history: History) =>
  incidentsOf([...history.values()].map((check) => recordOf(check, expectedMs)))

describe('a history', () => {
  it('knows since when a check says what it says', () => {
    const history = all([observed(0), observed(60), observed(120, 'fail'), observed(180, 'fail')])
    expect(record(history)).toMatchObject({ since: start + 120_000, last: { status: 'fail' } })
  })

  it('counts what a check said until it is asked again, and what is too far apart not at all', () => {
    const history = all([
      observed(0),
      observed(100, 'fail'),
      observed(160, 'warn'),
      observed(170, 'pass', { isMaintenance: true }),
      observed(200),
      observed(200 + 1800),
      observed(2000 + 1801 + 1),
    ])
    const days = record(history).days
    expect(days).toEqual([{ day: days[0]?.day, pass: 1900, fail: 60, warn: 10, maintenance: 30 }])
  })

  it('splits seconds at midnight', () => {
    const midnight = Math.ceil(start / 86_400_000) * 86_400
    const seconds = midnight - Math.floor(start / 1000)
    const history = all([observed(seconds - 100), observed(seconds + 50)])
    expect(record(history).days.map(({ pass }) => pass)).toEqual([100, 50])
  })

  it('keeps an incident with its releases and its sentence, until the last bad result', () => {
    const history = all([
      observed(0),
      observed(300, 'fail', { release: 'r2' }),
      observed(600, 'fail', { release: 'r2', code: 'timeout' }),
      observed(900, 'pass', { release: 'r3' }),
    ])
    expect(incidents(history)).toEqual([
      {
        check: 'database',
        code: 'unreachable',
        output: 'database cannot be reached',
        from: start + 300_000,
        to: start + 600_000,
        releaseBefore: 'r1',
        release: 'r2',
      },
    ])
  })

  it('counts response times in buckets', () => {
    const slow = observed(1, 'pass', { responseMs: 9999 })
    expect(record(all([observed(0), slow])).histogram).toEqual([0, 1, 0, 0, 0, 0, 0, 0, 1])
  })

  it('takes nothing that is far in the future', () => {
    expect(observe(new Map(), [observed(61)], start, expectedMs).get('database')?.latest).toEqual(undefined)
    expect(observe(new Map(), [observed(59)], start, expectedMs).get('database')?.latest).toHaveLength(1)
  })
})

describe('whatever is observed', () => {
  it('the seconds of a day add up to at most its length', () => {
    fc.assert(
      fc.property(observations(200), (list) => {
        for (const [check] of all(list)) {
          for (const { pass, warn, fail, maintenance } of record(all(list), check).days) {
            expect(pass + warn + fail + maintenance).toBeLessThanOrEqual(86_400)
          }
        }
      }),
    )
  })

  it('the order in which observations come does not matter, nor in which parts', () => {
    const shuffled = observations(keptPoints).chain((list) =>
      fc.tuple(
        fc.constant(list),
        fc.shuffledSubarray(list, { minLength: list.length, maxLength: list.length }),
        fc.integer({ min: 1, max: 20 }),
      ),
    )
    fc.assert(
      fc.property(shuffled, ([list, other, size]) => {
        let history: History = new Map()
        for (let from = 0; from < other.length; from += size)
          history = all(other.slice(from, from + size), history)
        expect(history).toEqual(all(list))
        expect(all(other.slice(0, size), history)).toEqual(history)
      }),
    )
  })

  it('is the same after it was written and read', () => {
    fc.assert(
      fc.property(observations(200), (list) => {
        const history = all(list)
        expect(decodeHistory(encodeHistory(history, expectedMs, { any: 'thing' }))).toEqual({
          history,
          rest: { any: 'thing' },
        })
      }),
    )
  })

  it('clocks that are 30 s wrong neither lose nor invent an incident', () => {
    const incident = fc.record({
      goodSeconds: fc.integer({ min: 300, max: 2000 }),
      badSeconds: fc.integer({ min: 100, max: 1000 }),
    })
    const skews = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(fc.array(incident, { minLength: 1, maxLength: 4 }), skews, (planned, wrong) => {
        const list: Observation[] = []
        let seconds = 0
        const during = (length: number, status: 'pass' | 'fail') => {
          for (const end = seconds + length; seconds < end; seconds += 27) {
            // Each run is of another isolate, and each isolate has a clock of its own.
            list.push(observed(seconds + (wrong[list.length % wrong.length] ?? 0), status))
          }
        }
        for (const { goodSeconds, badSeconds } of planned) {
          during(goodSeconds, 'pass')
          during(badSeconds, 'fail')
        }
        during(300, 'pass')
        let history: History = new Map()
        for (const each of list) history = all([each], history)
        expect(incidents(history)).toHaveLength(planned.length)
      }),
    )
  })
})

describe('its size', () => {
  it('is bounded after 90 days of flapping in 20 checks', () => {
    let history: History = new Map()
    let text = ''
    for (let day = 0; day < 100; day += 1) {
      const list = Array.from({ length: 20 * 60 }, (_, index) =>
        observed(day * 86_400 + Math.floor(index / 20) * 1440, index % 40 < 20 ? 'fail' : 'pass', {
          check: `a-check-with-a-long-name-${index % 20}`,
          output: `${'x'.repeat(150)} ${index % 7}`,
          release: `release-${day}`,
          responseMs: index,
        }),
      )
      history = observe(history, list, start + day * 86_400_000 + 86_400_000, expectedMs)
      text = encodeHistory(history, expectedMs)
      expect(new TextEncoder().encode(text).byteLength).toBeLessThanOrEqual(maxHistoryBytes)
      history = decodeHistory(text)?.history ?? new Map()
    }
    expect(history.size).toBe(20)
    expect(incidents(history).length).toBeLessThanOrEqual(keptIncidents)
    for (const [check, { latest }] of history) {
      expect(latest.length).toBeGreaterThan(0)
      // The last day is in it, although its points do not fit.
      const { pass, fail } = record(history, check).days.at(-1) ?? { pass: 0, fail: 0 }
      expect(pass + fail).toBeGreaterThan(30_000)
    }
  })

  it('is that of 4 healthy checks after 90 days: all days, all points', () => {
    let history: History = new Map()
    for (let day = 0; day < 95; day += 1) {
      const list = Array.from({ length: 4 * 96 }, (_, index) =>
        observed(day * 86_400 + Math.floor(index / 4) * 900, 'pass', { check: `check-${index % 4}` }),
      )
      history = observe(history, list, start + (day + 1) * 86_400_000, expectedMs)
    }
    const read = decodeHistory(encodeHistory(history, expectedMs))?.history
    expect(read).toEqual(history)
    expect(recordOf([...(read ?? [])][0]?.[1] as never, expectedMs).days).toHaveLength(90)
  })

  it('forgets a check that was not asked for 90 days, and more than 50 checks', () => {
    const many = Array.from({ length: 60 }, (_, index) =>
      observed(index, 'pass', { check: `check-${index}` }),
    )
    expect(all(many).size).toBe(50)
    expect(observe(all(many), [], start + 91 * 86_400_000, expectedMs).size).toBe(0)
  })
})

describe('what is not a history', () => {
  it.each(['', '[', 'null', '[2,[],[],null]', '[1,[],[["a"]],null]', '[1,[],{},null]', 'x'.repeat(50_000)])(
    'is none: %.20s',
    (text) => {
      expect(decodeHistory(text)).toBeUndefined()
    },
  )

  it('never is an error', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => decodeHistory(text)).not.toThrow()
      }),
    )
  })
})
