import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeHistory, encodeHistory } from '../../src/history/encode.ts'
import { type History, keptPoints } from '../../src/history/history.ts'
import type { Observation } from '../../src/history/observation.ts'
import { expectedMs, observations, observed } from './arbitrary.ts'
import { all, incidents, record } from './known.ts'

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

describe('what is not a history', () => {
  it('never is an error', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => decodeHistory(text)).not.toThrow()
      }),
    )
  })
})
