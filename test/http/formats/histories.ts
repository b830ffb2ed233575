import { type KnownHistory, knownHistory, observe } from '../../../src/history/history.ts'
import type { Observation } from '../../../src/history/observation.ts'
import { now } from './reports.ts'

const minuteMs = 60_000
const expectedMs = 15 * minuteMs

export function observationOf(minutesAgo: number, more: Partial<Observation> = {}): Observation {
  return {
    check: 'database',
    at: now - minutesAgo * minuteMs,
    status: 'pass',
    code: 'ok',
    output: 'database ok',
    responseMs: 12,
    release: '1',
    isMaintenance: false,
    causedBy: '',
    ...more,
  }
}

export const badDatabase = {
  status: 'fail',
  code: 'timeout',
  output: 'database did not answer in time',
} as const

/** What is known after these observations. */
export function historyOf(...observations: Observation[]): KnownHistory {
  return knownHistory(observe(new Map(), observations, now, expectedMs), expectedMs, now)
}

/** One incident that is over, and one that is open, after a deploy. */
export const eventful = historyOf(
  observationOf(100),
  observationOf(90, badDatabase),
  observationOf(80, badDatabase),
  observationOf(70),
  observationOf(60, { release: '1' }),
  observationOf(10, { ...badDatabase, release: '2' }),
  observationOf(1, { ...badDatabase, release: '2' }),
  observationOf(1, { check: 'redis', output: 'redis ok' }),
)
