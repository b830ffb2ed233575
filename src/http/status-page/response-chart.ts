import type { Observation } from '../../history/observation.ts'
import { dayMs } from '../../history/uptime.ts'

/** Response times as a line, and in numbers. */
interface ResponseChart {
  /** The `d` of a path in a box of {@link chartWidth} by {@link chartHeight}; it is interrupted where nothing is known. */
  readonly path: string
  /** Of the oldest one, in epoch ms. */
  readonly since: number
  readonly medianMs: number
  readonly slowestMs: number
}

export const chartWidth = 24
export const chartHeight = 20
const parts = chartWidth

/**
 * What the check took in the last 24 hours: the slowest answer of each part of the time from the oldest one on. A result that
 * failed is not an answer. Undefined where nothing is known.
 */
export function responseChart(observations: readonly Observation[], now: number): ResponseChart | undefined {
  const answers = observations.filter(({ at, status }) => status !== 'fail' && at > now - dayMs && at <= now)
  const [oldest] = answers
  if (!oldest) return undefined
  const partMs = (now - oldest.at) / parts || 1
  const slowest = new Map<number, number>()
  for (const { at, responseMs } of answers) {
    const part = Math.min(parts - 1, Math.floor((at - oldest.at) / partMs))
    slowest.set(part, Math.max(slowest.get(part) ?? 0, responseMs))
  }
  const times = answers.map(({ responseMs }) => responseMs).toSorted((a, b) => a - b)
  const slowestMs = times.at(-1) ?? 0
  /** Downwards from the top, with room for the line itself. */
  const depthOf = (ms: number) => chartHeight - 1 - Math.round((ms / (slowestMs || 1)) * (chartHeight - 2))
  const path = [...slowest]
    .map(([part, ms]) => {
      const before = slowest.get(part - 1)
      // One alone is a line of no length, which round ends show as a dot.
      return before === undefined ? `M${part + 0.5} ${depthOf(ms)}h0` : `l1 ${depthOf(ms) - depthOf(before)}`
    })
    .join('')
  return { path, since: oldest.at, medianMs: times[Math.floor(times.length / 2)] ?? 0, slowestMs }
}
