import type { Level } from '../../gate/judge/finding.ts'
import type { GateReport } from '../../gate/report.ts'
import type { AnsweredResult } from '../smoke/answer.ts'

/** How a gate ended. */
export interface GateOutcome {
  /** `differs`: production is not as its migrations make it. `not_asked`: it could not be asked. */
  readonly verdict: Level | 'differs' | 'not_asked'
  /** How many migrations are pending; absent where that is not known. */
  readonly pending?: number
  readonly report?: GateReport
  /** What the migrations check said. */
  readonly check?: AnsweredResult | undefined
  readonly reason?: string
}

export const exitCodes: Readonly<Record<GateOutcome['verdict'], number>> = {
  pass: 0,
  warn: 0,
  fail: 1,
  differs: 1,
  not_asked: 4,
}
