import { fileURLToPath } from 'node:url'
import { type Figure, markdownTable } from './figure.ts'

export const performancePageFile = fileURLToPath(new URL('../../docs/performance.md', import.meta.url))

export interface MeasuredRun {
  /** `2026-11-26` */
  readonly day: string
  readonly commit: string
  readonly figures: readonly Figure[]
}

/**
 * The page with the tables of this run in place of those that it has.
 * @throws {Error} where the page has no section for a table
 */
export function pageWith(page: string, { day, commit, figures }: MeasuredRun): string {
  const bounds = [
    '"Bound" is what the bench demands of a figure.',
    markdownTable(figures.filter(({ bound }) => bound !== '')),
  ]
  const all = [
    `From one run of the bench on ${day}, at commit ${commit}. A figure without a bound is there for comparison.`,
    markdownTable(figures),
  ]
  return withSection(withSection(page, 'The bounds', bounds), 'All figures', all)
}

function withSection(page: string, heading: string, paragraphs: readonly string[]): string {
  const section = new RegExp(`(?<=^## ${heading}\\n)[^]*?(?=^## )`, 'm')
  if (!section.test(page)) throw new Error(`The page has no section "${heading}" before another one.`)
  return page.replace(section, () => `\n${paragraphs.join('\n\n')}\n\n`)
}
