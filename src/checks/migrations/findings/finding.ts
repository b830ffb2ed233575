import type { Difference } from '../comparison/diff-catalog.ts'
import type { ExpectedPart } from '../expected-schema.ts'
import { effectOf } from './effect.ts'
import { rankOf } from './fix.ts'
import { type Surroundings, toText } from './fixes/fix.ts'
import { type Plan, type PlannedFix, planFixes } from './fixes/plan-fixes.ts'
import { whyNoRename } from './fixes/renamed-together.ts'
import { whyNoEnumFix } from './fixes/types.ts'
import { ownerOf } from './known-owners.ts'
import type { SeverityOf } from './lowered-severity.ts'
import { objectName } from './object-name.ts'
import { severityOf as policy, type Severity } from './severity.ts'

/** A difference as people read it, in the details. */
export interface Finding {
  /** `public.orders.total`. */
  readonly object: string
  readonly kind: Difference['kind']
  readonly difference: Difference['difference']
  readonly severity: Severity
  /** Why an extra object fails: what it does to an application that does not know it. */
  readonly effect?: string
  /** The tool that is known to have added it. */
  readonly owner?: string
  /** What the migrations make and what is there, long texts cut around the first character that differs. */
  readonly expected?: string
  readonly found?: string
  /** The statement that fixes it, where that is certain; one transaction where it takes several. */
  readonly fix?: string
  /** Why a statement is not there, and where there is another way, what to do. */
  readonly noFix?: string
}

/** All differences: counted, and the worst of them as people read them. */
export interface Findings {
  /** The worst first. */
  readonly shown: readonly Finding[]
  /** How many are not among those. */
  readonly more: number
  /** How many there are that are more than information. */
  readonly count: number
  /** Whether one of them breaks something. */
  readonly failing: boolean
  /** Whether all that are more than information are whole objects that no migration makes, and that break nothing. */
  readonly onlyAdded: boolean
  /** Whether one of them breaks something and only warns, as it was configured. */
  readonly lowered: boolean
}

/** What a run may do differently from the built-in policy and fixes. */
export interface FindingOptions {
  /** Fixes that take the place of the built-in ones. */
  readonly fixes?: Surroundings['fixes']
  readonly severityOf?: SeverityOf
  /** Differences that prove nothing, and that a fix may need first. */
  readonly notComparable?: readonly Difference[]
}

/** How many findings are written out: nobody reads more, and a Worker has 10 ms of CPU time for all of it. */
const maxShown = 20

/** Characters of a definition that are written out. */
const maxExcerpt = 400

/** Characters of a statement: half a statement would be worse than none. */
const maxFixLength = 1600

/** What fits into an answer. */
const shown: Plan = {
  withhold: (fix) =>
    fix.length > maxFixLength ? 'it is long: edge-health check --fix-sql prints it' : undefined,
  valuesComeFirst: false,
}

const order: readonly Severity[] = ['fail', 'warn', 'info']

/**
 * @param parts the expected schema's: without them, what is missing as a whole has no fix
 */
export function toFindings(
  differences: readonly Difference[],
  parts: readonly ExpectedPart[] = [],
  { fixes, severityOf = policy, notComparable = [] }: FindingOptions = {},
): Findings {
  const severities = differences.map(severityOf)
  const worst = order
    .flatMap((severity) =>
      differences
        .filter((_, index) => severities[index] === severity)
        .sort((one, other) => rankOf(one) - rankOf(other)),
    )
    .slice(0, maxShown)
  const planned = planFixes(worst, { differences, notComparable, parts, fixes }, shown)
  const fixed = new Set(planned.flatMap(({ difference, statements }) => (statements ? [difference] : [])))
  return {
    shown: planned.map((each) =>
      describe(each, severityOf, (difference) =>
        whyNoRename(difference, differences, (other) => fixed.has(other)),
      ),
    ),
    more: differences.length - worst.length,
    count: severities.filter((severity) => severity !== 'info').length,
    failing: severities.includes('fail'),
    onlyAdded: differences.every(
      ({ difference, name, part }, index) =>
        severities[index] === 'info' ||
        // An enum, a domain or a sequence belongs to no table, and is whole with its own name.
        (severities[index] === 'warn' && difference === 'extra' && (name === '' || part === '')),
    ),
    lowered: differences.some((difference, index) => severities[index] !== policy(difference)),
  }
}

function describe(
  { difference, statements, withheld }: PlannedFix,
  severityOf: SeverityOf,
  whyNotRenamed: (difference: Difference) => string | undefined,
): Finding {
  const { expected, found } = difference
  const effect = effectOf(difference)
  const owner = difference.difference === 'extra' ? ownerOf(difference) : undefined
  const why = () =>
    whyNoEnumFix(difference) ??
    whyNotRenamed(difference) ??
    (difference.madeForRows &&
      `a block or function of the migrations makes tables ${difference.madeForRows}, for rows or at times that the compile does not have`)
  const noFix = withheld ? reasonOf(withheld) : statements ? undefined : why()
  const start = expected !== undefined && found !== undefined ? firstDifference(expected, found) : 0
  return {
    object: objectName(difference),
    kind: difference.kind,
    difference: difference.difference,
    severity: severityOf(difference),
    ...(effect && { effect }),
    ...(owner && { owner }),
    ...(expected && { expected: excerpt(expected, start) }),
    ...(found && { found: excerpt(found, start) }),
    ...(statements && { fix: toText(statements) }),
    ...(noFix && { noFix }),
  }
}

/** Why a fix that is certain is not offered. */
export function reasonOf(withheld: NonNullable<PlannedFix['withheld']>): string {
  if (typeof withheld === 'string') return withheld
  const name = objectName(withheld)
  if (withheld.difference === 'extra') return `${name} is in the way`
  return `it needs ${name}, which is ${withheld.difference}`
}

function firstDifference(a: string, b: string): number {
  let i = 0
  while (i < a.length && a[i] === b[i]) i++
  return i
}

function excerpt(text: string, around: number): string {
  const start = Math.max(0, Math.min(around - 80, text.length - maxExcerpt))
  const end = start + maxExcerpt
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${end < text.length ? '…' : ''}`
}
