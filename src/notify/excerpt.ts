import type { Result } from '../core/check.ts'
import { isRecord } from '../core/is-record.ts'
import { nextStep } from '../core/next-step.ts'

/** How many findings are named; the answer has the others. */
const maxNamed = 3

/** What somebody who is woken reads first of a result that is not a pass. */
interface Excerpt {
  /** The public sentence. */
  readonly output: string
  /** What to do next. */
  readonly next?: string
  /** `missing column public.orders.total`: kinds and names of the worst findings, and how many more there are. */
  readonly findings?: readonly string[]
}

/**
 * Takes from the scrubbed details what says where to look: the first of `next`, `hint` and `…_hint`, and of `findings` the kinds and names, never
 * a definition, since that may hold the application's data.
 *
 * @example
 * excerptOf(result) // { output: '1 migration is not applied', next: 'npx drizzle-kit migrate' }
 */
export function excerptOf({ status, output, details = {} }: Result): Excerpt | undefined {
  if (status === 'pass') return undefined
  const next = nextStep(details)
  const findings = Array.isArray(details['findings']) ? namesOf(details['findings']) : []
  return {
    output,
    ...(next !== undefined && { next }),
    ...(findings.length > 0 && { findings }),
  }
}

function namesOf(findings: readonly unknown[]): readonly string[] {
  const names = findings.flatMap((finding) => (isRecord(finding) ? nameOf(finding) : []))
  // The last entry of a cut list says how many are not in it.
  const uncounted = Number(/^and (\d+) more$/.exec(String(findings.at(-1)))?.[1] ?? 0)
  const more = Math.max(0, names.length - maxNamed) + uncounted
  return [...names.slice(0, maxNamed), ...(more > 0 ? [`and ${more} more`] : [])]
}

function nameOf({ difference, kind, object }: Readonly<Record<string, unknown>>): string[] {
  const words = [difference, kind, object].map((word) => (word === undefined ? '' : String(word)))
  const name = words.filter((word) => word !== '').join(' ')
  return name === '' ? [] : [name]
}
