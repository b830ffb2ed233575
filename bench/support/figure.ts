/** How a figure stands to its bound: `note` is worth a sentence, `missed` ends the run with exit code 1. */
export type Verdict = 'held' | 'note' | 'missed' | 'measured'

/** One measured line of the table. */
export interface Figure {
  readonly what: string
  readonly figure: string
  /** What it must be; empty where it is shown for comparison only. */
  readonly bound: string
  readonly verdict: Verdict
}

/** A figure with no bound, for comparison. */
export const measured = (what: string, figure: string): Figure => ({
  what,
  figure,
  bound: '',
  verdict: 'measured',
})

/** @param show how the value is printed, `(value) => `${value} ms`` */
export function atLeast(
  what: string,
  value: number,
  bound: number,
  show: (value: number) => string = String,
): Figure {
  return {
    what,
    figure: show(value),
    bound: `at least ${show(bound)}`,
    verdict: value >= bound ? 'held' : 'missed',
  }
}

export function atMost(
  what: string,
  value: number,
  bound: number,
  show: (value: number) => string = String,
): Figure {
  return {
    what,
    figure: show(value),
    bound: `at most ${show(bound)}`,
    verdict: value <= bound ? 'held' : 'missed',
  }
}

export function exactly(
  what: string,
  value: number,
  bound: number,
  show: (value: number) => string = String,
): Figure {
  return { what, figure: show(value), bound: show(bound), verdict: value === bound ? 'held' : 'missed' }
}

const words: Record<Verdict, string> = { held: 'yes', note: 'note', missed: '**no**', measured: '' }

/** The figures as a table of the README. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, figure, bound, verdict }) => `| ${what} | ${figure} | ${bound} | ${words[verdict]} |`,
  )
  return ['| measured | figure | bound | held |', '|---|---|---|---|', ...rows].join('\n')
}

export const isMissed = ({ verdict }: Figure): boolean => verdict === 'missed'
