/** What Stryker loads to tell of each change as soon as it was tried: its own report is written only at the end. */
import { appendFileSync } from 'node:fs'
import type { Tried } from './score.ts'

class LinesReporter {
  onMutationTestingPlanReady({ mutantPlans }: { readonly mutantPlans: readonly unknown[] }): void {
    write({ planned: mutantPlans.length })
  }

  onMutantTested({ fileName, status, mutatorName, replacement, location }: Tried): void {
    write({ fileName, status, mutatorName, replacement, location })
  }
}

/** One JSON value a line: what was written stays readable when the run is stopped. */
const write = (value: unknown): void =>
  appendFileSync(process.env['MUTATION_RESULTS'] ?? '', `${JSON.stringify(value)}\n`)

/** https://stryker-mutator.io/docs/stryker-js/guides/create-a-plugin/ */
export const strykerPlugins = [{ kind: 'Reporter', name: 'lines', injectableClass: LinesReporter }]
