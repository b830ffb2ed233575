import type { Manner, Run, Script, Stopped } from '../script.ts'

/** A script that stopped, and all that a remedy may look at or change. */
export interface Case extends Stopped {
  readonly run: Run
  readonly script: Script
  readonly parts: readonly string[]
  /** The part that stopped; undefined when it was the end of the transaction. */
  readonly part: string | undefined
  readonly manner: Manner
}

/** What to run instead; undefined when it is not for this case. */
export type Remedy = (stopped: Case) => Promise<readonly string[] | undefined>
