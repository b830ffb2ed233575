/** A change of the source, in Stryker's report (https://stryker-mutator.io/docs/mutation-testing-elements/report-schema/). */
export interface Mutant {
  readonly status: string
  readonly mutatorName: string
  readonly replacement?: string
  readonly location: { readonly start: Place; readonly end: Place }
}

/** A change that was tried, with the file that it was made in. */
export interface Tried extends Mutant {
  readonly fileName: string
}

/** Both counted from 1. */
interface Place {
  readonly line: number
  readonly column: number
}

/** What a test noticed, or what ran for ever. */
const noticed = ['Killed', 'Timeout']
const notNoticed = ['Survived', 'NoCoverage']

export function tally(mutants: readonly Mutant[]): { readonly noticed: number; readonly all: number } {
  const count = (statuses: readonly string[]) =>
    mutants.filter(({ status }) => statuses.includes(status)).length
  return { noticed: count(noticed), all: count([...noticed, ...notNoticed]) }
}

/** A change that no test noticed. */
interface Survivor {
  /** `src/core/report.ts: a < b => a <= b`. Without its line number, so that an accepted one is still known when the file grows. */
  readonly change: string
  readonly line: number
}

export function survivorsOf(file: string, mutants: readonly Mutant[], text: string): Survivor[] {
  const lines = text.split('\n')
  return mutants
    .filter(({ status }) => notNoticed.includes(status))
    .map(({ location: { start, end }, replacement = '' }) => {
      const before = lines.slice(start.line - 1, end.line)
      before[before.length - 1] = before.at(-1)?.slice(0, end.column - 1) ?? ''
      before[0] = before[0]?.slice(start.column - 1) ?? ''
      const change = `${file}: ${oneLine(before.join('\n'))} => ${oneLine(replacement)}`
      return { change, line: start.line }
    })
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 200)
