import { expect, it } from 'vitest'
import type { Observation } from '../../../src/history/observation.ts'
import { chartHeight, chartWidth, responseChart } from '../../../src/http/status-page/response-chart.ts'
import { observationOf } from '../formats/histories.ts'
import { now } from '../formats/reports.ts'

/** Points of a path, as an SVG renderer would reach them; a new list where it is interrupted. */
function linesOf(path: string): [number, number][][] {
  const lines: [number, number][][] = []
  let [x, y] = [0, 0]
  for (const [, command, rest = ''] of path.matchAll(/([Mlh])([^Mlh]*)/g)) {
    const [a = 0, b = 0] = rest
      .trim()
      .split(/[\s,]+/)
      .map(Number)
    if (command === 'h') continue
    ;[x, y] = command === 'M' ? [a, b] : [x + a, y + b]
    if (command === 'M') lines.push([])
    lines.at(-1)?.push([x, y])
  }
  return lines
}

const slow = (minutesAgo: number, responseMs: number, more: Partial<Observation> = {}) =>
  observationOf(minutesAgo, { responseMs, ...more })

it('is nothing where nothing was answered in 24 hours', () => {
  expect(responseChart([], now)).toBeUndefined()
  expect(responseChart([slow(1441, 5), slow(3, 2500, { status: 'fail' })], now)).toBeUndefined()
})

it('goes from the oldest answer to now, with the slowest answer of each part', () => {
  const observations = Array.from({ length: 96 }, (_, index) =>
    slow(1425 - index * 15, index === 50 ? 400 : 100),
  )
  const chart = responseChart(observations, now)
  expect(chart).toMatchObject({ since: now - 1425 * 60_000, medianMs: 100, slowestMs: 400 })
  const [line = [], ...others] = linesOf(chart?.path ?? '')
  expect(others).toEqual([])
  expect(line.map(([x]) => x)).toEqual(Array.from({ length: chartWidth }, (_, index) => index + 0.5))
  const highest = Math.min(...line.map(([, y]) => y))
  expect([highest, line.filter(([, y]) => y === highest).length]).toEqual([1, 1])
  expect(line[Math.floor((50 * 15) / (1425 / chartWidth))]?.[1]).toBe(1)
  for (const [, y] of line) expect(y).toBeLessThanOrEqual(chartHeight - 1)
})

it('is interrupted where nobody asked and where the check failed', () => {
  const observations = [
    slow(240, 10),
    slow(235, 10),
    slow(120, 1, { status: 'fail' }),
    slow(5, 10),
    slow(0, 10),
  ]
  const lines = linesOf(responseChart(observations, now)?.path ?? '')
  expect(lines.map((line) => line.length)).toEqual([1, 1])
})

it('shows one answer alone, also one that took no time', () => {
  expect(responseChart([slow(0, 0)], now)).toMatchObject({ medianMs: 0, slowestMs: 0, path: 'M0.5 19h0' })
})
