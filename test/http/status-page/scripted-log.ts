import type { Status } from '../../../src/core/check.ts'
import type { Observation } from '../../../src/history/observation.ts'

export const now = Date.UTC(2026, 10, 22, 10, 21, 12, 531)
export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
/** How far apart runs are, as the shipped cron has it. */
export const runMs = 15 * minuteMs

/** A part of the log that is not good. */
export interface Trouble {
  readonly check: string
  /** Epoch ms. */
  readonly from: number
  readonly until: number
  readonly status?: Status
  readonly code?: string
  readonly output?: string
  readonly isMaintenance?: true
  /** Nobody asked. */
  readonly isGap?: true
}

export interface LogOptions {
  readonly checks: readonly string[]
  readonly troubles?: readonly Trouble[]
  /** How many days it has; [days=90] */
  readonly days?: number
  /** Of the last run, in epoch ms. [end=now] */
  readonly end?: number
}

/** Milliseconds that look like those of a real server, the same each time. */
const responseMs = (index: number) => 8 + ((index * 7919) % 13) + (index % 97 === 0 ? 180 : 0)

const releaseOf = (at: number) => (at < now - 3 * dayMs ? '3c1f0de' : '4f2a91c')

/** Every run of every check, as it would have been observed. */
export function scriptedLog({ checks, troubles = [], days = 90, end = now }: LogOptions): Observation[] {
  const last = Math.floor(end / runMs) * runMs
  const runs = Math.floor((days * dayMs) / runMs)
  return checks.flatMap((check, place) =>
    Array.from({ length: runs }, (_, index): Observation[] => {
      const at = last - (runs - 1 - index) * runMs + place * 7
      const trouble = troubles.find((each) => each.check === check && at >= each.from && at < each.until)
      if (trouble?.isGap) return []
      const { status = 'fail', code = 'timeout', output = `${check} did not answer in time` } = trouble ?? {}
      const isMaintenance = trouble?.isMaintenance ?? false
      const common = { check, at, release: releaseOf(at), isMaintenance, causedBy: '' }
      return trouble && !(isMaintenance && trouble.status === undefined)
        ? [{ ...common, status, code, output, responseMs: status === 'fail' ? 2500 : 1600 }]
        : [
            {
              ...common,
              status: 'pass',
              code: 'ok',
              output: `${check} ok`,
              responseMs: responseMs(index + 31 * place),
            },
          ]
    }).flat(),
  )
}
