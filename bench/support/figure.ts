/**
 * How a figure stands to its bound: `note` is worth a sentence; `missed` may be a busy machine and ends the run with
 * exit code 1; `defect` depends on no machine and ends it with 3.
 */
export type Verdict = 'held' | 'note' | 'missed' | 'defect' | 'measured'

/** One measured line of the table. */
export interface Figure {
  readonly what: string
  readonly figure: string
  /** What it must be; empty where it is shown for comparison only. */
  readonly bound: string
  readonly verdict: Verdict
  /** The figure as a part of its bound: 1 is exactly at the bound, more than 1 has missed it. Absent without a bound. */
  readonly share?: number
}

/** A figure with no bound, for comparison. */
export const measured = (what: string, figure: string): Figure => ({
  what,
  figure,
  bound: '',
  verdict: 'measured',
})

type Show = (value: number) => string

const against = (
  what: string,
  figure: string,
  bound: string,
  share: number,
  missed: Verdict = 'missed',
): Figure => ({
  what,
  figure,
  bound,
  verdict: share <= 1 ? 'held' : missed,
  ...(Number.isFinite(share) && { share }),
})

/** Nothing is as much as is allowed where the bound is 0. */
const shareOf = (value: number, bound: number): number => (value <= 0 && bound <= 0 ? 1 : value / bound)

/** @param show how the value is printed, `(value) => `${value} ms`` */
export const atLeast = (what: string, value: number, bound: number, show: Show = String): Figure =>
  against(what, show(value), `at least ${show(bound)}`, bound / value)

export const atMost = (what: string, value: number, bound: number, show: Show = String): Figure =>
  against(what, show(value), `at most ${show(bound)}`, shareOf(value, bound))

/** What is counted, not timed: more is a defect on any machine. */
export const countAtMost = (what: string, value: number, bound: number, show: Show = String): Figure =>
  against(what, show(value), `at most ${show(bound)}`, shareOf(value, bound), 'defect')

export const exactly = (what: string, value: number, bound: number, show: Show = String): Figure =>
  against(what, show(value), show(bound), value === bound ? 1 : Number.POSITIVE_INFINITY, 'defect')

const words: Record<Verdict, string> = {
  held: 'yes',
  note: 'note',
  missed: '**no**',
  defect: '**defect**',
  measured: '',
}

/** The figures as a table of docs/performance.md. */
export function markdownTable(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, figure, bound, verdict }) => `| ${what} | ${figure} | ${bound} | ${words[verdict]} |`,
  )
  return ['| measured | figure | bound | held |', '|---|---|---|---|', ...rows].join('\n')
}

/** The exit code of a program that measured these. */
export function exitCodeOf(figures: readonly Figure[]): 0 | 1 | 3 {
  const has = (verdict: Verdict) => figures.some((figure) => figure.verdict === verdict)
  return has('defect') ? 3 : has('missed') ? 1 : 0
}
