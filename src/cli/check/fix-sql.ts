import { type Difference, diffCatalog } from '../../checks/migrations/comparison/diff-catalog.ts'
import { type ExpectedPart, readObject } from '../../checks/migrations/expected-schema.ts'
import { reasonOf } from '../../checks/migrations/findings/finding.ts'
import { rankOf } from '../../checks/migrations/findings/fix.ts'
import { type PlannedFix, planFixes } from '../../checks/migrations/findings/fixes/plan-fixes.ts'
import { objectName } from '../../checks/migrations/findings/object-name.ts'
import { severityOf } from '../../checks/migrations/findings/severity.ts'
import { tooEarly } from '../../checks/migrations/findings/too-early.ts'
import type { Evidence } from '../../checks/migrations/outcome.ts'
import type { Scrub } from '../../core/scrub.ts'
import { missingWith } from './fixes/missing-objects.ts'
import { wholeFixes } from './fixes/whole-fixes.ts'
import { whyNoFix } from './no-fix.ts'
import { comment, type Titled, transaction } from './sql-script.ts'

export interface FixSqlInput {
  /** What the migrations check says. */
  readonly verdict: string
  /** Absent when the check found nothing out. */
  readonly evidence: Evidence | undefined
  /** Of the expected schema. */
  readonly parts: readonly ExpectedPart[]
  readonly removeSecrets: Scrub
}

/** The fixes of a run as one SQL script, which is never run here. Whatever it says besides is a comment. */
export function fixSql({ verdict, evidence, parts, removeSecrets }: FixSqlInput): string {
  const title = `edge-health check --fix-sql: ${verdict}`
  const nothing = (reason: string) => `${comment(title, `There are no fixes: ${reason}.`)}\n`
  if (evidence?.catalog.state !== 'compared') return nothing('the schema could not be compared')
  const { unread, moreExtra, differences: found = [] } = evidence.catalog
  if (found.length + unread.length === 0) return nothing('the schema does not differ')
  const reason = tooEarly(evidence.ledger)
  if (reason !== undefined) return nothing(reason)
  const differences = found.flatMap((difference) => withContents(difference, parts))
  const sorted = differences.toSorted((one, other) => rankOf(one) - rankOf(other))
  const fixes = planFixes(sorted, { differences, parts, fixes: wholeFixes }).map((fix) =>
    judge(fix, removeSecrets),
  )
  const certain = fixes.filter((fix) => typeof fix !== 'string')
  const leftOut = [
    ...fixes.filter((fix) => typeof fix === 'string'),
    ...unread.map(
      (part) =>
        `${part || 'what belongs to no table'}: its differences are too long to be read; fix the others first`,
    ),
    ...(moreExtra > 0 ? [`${moreExtra} more that are extra: they were not read`] : []),
  ]
  const sections = [
    comment(title, ...introduction(certain.length)),
    ...transaction(certain),
    ...(leftOut.length > 0 ? [comment(`Left out, ${leftOut.length}:`, ...leftOut.map(removeSecrets))] : []),
  ]
  return `${sections.join('\n\n')}\n`

  /** With its statements, or as one line that says why there are none. */
  function judge({ difference, statements, withheld }: PlannedFix, clean: Scrub): Titled | string {
    const name = `${severityOf(difference)}: ${difference.kind} ${objectName(difference)} is ${difference.difference}`
    if (withheld) return `${name}: ${reasonOf(withheld)}`
    if (!statements) return `${name}: ${whyNoFix(difference, { differences, parts })}`
    const isSecret = statements.some((statement) => clean(statement) !== statement)
    return isSecret
      ? `${name}: its fix would hold a secret of this configuration`
      : { title: clean(name), statements }
  }
}

const introduction = (count: number): string[] =>
  count === 0
    ? ['There are no fixes that are certain.']
    : [
        `Certain fixes, ${count}, each behind those that it needs. None of them has been run.`,
        'Read them first. Tables are locked while their indexes are built and their constraints are checked.',
        'To run this file, for instance: psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file fix.sql',
      ]

/** A missing schema with all that it holds, and a missing table with what is made after it, each to be fixed by itself. */
function withContents(difference: Difference, parts: readonly ExpectedPart[]): Difference[] {
  if (difference.kind !== 'schema' || difference.difference !== 'missing')
    return [difference, ...missingWith(difference, { differences: [], parts })]
  const isInside = (name: string) => name.startsWith(`${difference.name}.`)
  const missing = parts.map((part) => {
    if (part.part !== '') return part
    return { ...part, objects: part.objects.filter((object) => isInside(readObject(object).name)) }
  })
  const contents = diffCatalog({
    missing: missing.filter(({ part }) => part === '' || isInside(part)),
    changed: [],
    extra: [],
  })
  return [difference, ...contents.flatMap((inside) => withContents(inside, parts))]
}
