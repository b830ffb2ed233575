import type { Difference } from '../../comparison/diff-catalog.ts'
import { standsIn, unknownPart } from '../../stand-ins.ts'
import { statementsOf } from '../fix.ts'
import { objectName } from '../object-name.ts'
import { comesFirst } from './comes-first.ts'
import { type Statements, type Surroundings, toText } from './fix.ts'
import { namesIn } from './mentions.ts'
import { renamedBy } from './renamed-together.ts'
import { withoutBody } from './routines.ts'
import { addsValue } from './types.ts'

/** A difference with what fixes it. */
export interface PlannedFix {
  readonly difference: Difference
  /** Absent where none are certain. */
  readonly statements?: Statements
  /** Why statements that are certain are absent: what comes first and has none, or a reason of {@link Plan}. */
  readonly withheld?: Difference | string
}

export interface Plan {
  /** A reason not to give this text to people; what needs it is withheld too. */
  readonly withhold: (text: string) => string | undefined
  /**
   * Whether new values of enums are added in a transaction of their own. Where a person may run everything in one, what uses
   * such a value is withheld.
   */
  readonly valuesComeFirst: boolean
}

/**
 * The fixes of some of the differences, each behind those that it needs; the given order is kept where it can be.
 */
export function planFixes(
  chosen: readonly Difference[],
  around: Surroundings,
  { withhold, valuesComeFirst }: Plan,
): PlannedFix[] {
  const planned = new Map<Difference, PlannedFix>()
  const inOrder: PlannedFix[] = []
  const begun = new Set<Difference>()

  function plan(difference: Difference): void {
    if (begun.has(difference)) return
    begun.add(difference)
    const statements = statementsOf(difference, around)
    const withheld = statements && reasonAgainst(difference, statements)
    const fix: PlannedFix = { difference, ...(withheld ? { withheld } : statements && { statements }) }
    planned.set(difference, fix)
    if (fix.statements) inOrder.push(fix)
  }

  function reasonAgainst(difference: Difference, statements: Statements): PlannedFix['withheld'] {
    const text = toText(statements)
    if (standsIn(text)) return unknownPart
    if (difference.uncertain !== undefined) return difference.uncertain
    const reason = withhold(text)
    if (reason !== undefined) return reason
    const names = namesIn(statements.map(withoutBody).join('; '))
    const unknown = around.notComparable?.find((other) =>
      comesFirst(other, { difference, statements, names }),
    )
    if (unknown) return `it needs ${objectName(unknown)}, which was not known at the compile`
    return around.differences.find((other) => {
      if (other === difference || !comesFirst(other, { difference, statements, names })) return false
      const needed = renamedBy(other, around.differences) ?? other
      if (needed === difference) return false
      if (chosen.includes(needed)) plan(needed)
      // What waits for this one is not planned yet.
      const first = planned.get(needed)?.statements
      return !first || (!valuesComeFirst && first.some(addsValue))
    })
  }

  for (const difference of chosen) {
    plan(difference)
    const fix = planned.get(difference)
    // What has statements is in its place already.
    if (fix && !fix.statements) inOrder.push(fix)
  }
  return inOrder
}
