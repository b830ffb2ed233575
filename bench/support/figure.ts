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

type Show = (value: number) => string

const against = (what: string, figure: string, bound: string, holds: boolean): Figure => ({
  what,
  figure,
  bound,
  verdict: holds ? 'held' : 'missed',
})

/** @param show how the value is printed, `(value) => `${value} ms`` */
export const atLeast = (what: string, value: number, bound: number, show: Show = String): Figure =>
  against(what, show(value), `at least ${show(bound)}`, value >= bound)

export const atMost = (what: string, value: number, bound: number, show: Show = String): Figure =>
  against(what, show(value), `at most ${show(bound)}`, value <= bound)

export const exactly = (what: string, value: number, bound: number, show: Show = String): Figure =>
  against(what, show(value), show(bound), value === bound)

const words: Record<Verdict, string> = { held: 'yes', note: 'note', missed: '**no**', measured: '' }

/** The figures as a table of the README. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, figure, bound, verdict }) => `| ${what} | ${figure} | ${bound} | ${words[verdict]} |`,
  )
  return ['| measured | figure | bound | held |', '|---|---|---|---|', ...rows].join('\n')
}

export const isMissed = ({ verdict }: Figure): boolean => verdict === 'missed'
