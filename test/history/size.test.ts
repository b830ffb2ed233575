import { describe, expect, it } from 'vitest'
import { keptIncidents } from '../../src/history/check-record.ts'
import { decodeHistory, encodeHistory, maxHistoryBytes } from '../../src/history/encode.ts'
import { type History, observe, recordOf } from '../../src/history/history.ts'
import { expectedMs, observed, start } from './arbitrary.ts'
import { all, incidents, record } from './known.ts'

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
