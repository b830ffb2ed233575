import type { TestStack } from '../support/stack.ts'

/** Makes a situation, and returns what ends it. */
export type Make = (stack: TestStack) => Promise<() => unknown>

/** How a result of one code is had for the runbook. */
export interface Situation {
  readonly code: string
  /** The check that is asked. */
  readonly checker: string
  /** Variables of the function that are other than usual; an empty one is unset. */
  readonly variables?: Readonly<Record<string, string>>
  /** Another expected schema than the one that the example's migrations make. */
  readonly expected?: (schema: ExpectedExample) => object
  readonly make?: Make
  /** How often the function is asked, every 250 ms, until it says so. [attempts=20] */
  readonly attempts?: number
}

interface ExpectedExample {
  readonly migrations: readonly {
    readonly tag: string
    readonly hash: string
    readonly otherLineEndings: readonly string[]
  }[]
}
