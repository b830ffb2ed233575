import { type Difference, diffCatalog } from '../../checks/migrations/comparison/diff-catalog.ts'
import { type ExpectedPart, readObject } from '../../checks/migrations/expected-schema.ts'
import { reasonOf } from '../../checks/migrations/findings/finding.ts'
import { rankOf } from '../../checks/migrations/findings/fix.ts'
import { type Plan, planFixes } from '../../checks/migrations/findings/fixes/plan-fixes.ts'
import { objectName } from '../../checks/migrations/findings/object-name.ts'
import { severityOf } from '../../checks/migrations/findings/severity.ts'
import { tooEarly } from '../../checks/migrations/findings/too-early.ts'
import type { Evidence } from '../../checks/migrations/outcome.ts'
import type { Scrub } from '../../core/scrub.ts'
import { missingWith } from './fixes/missing-objects.ts'
import { wholeFixes } from './fixes/whole-fixes.ts'
import { isFixedByAnother, whyNoFix } from './no-fix.ts'
import { comment, type Titled, transaction } from './sql-script.ts'

interface FixSqlInput {
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
  const { unread, moreExtra, differences: found = [], notComparable = [] } = evidence.catalog
  if (found.length + unread.length === 0) return nothing('the schema does not differ')
  const reason = tooEarly(evidence.ledger)
  if (reason !== undefined) return nothing(reason)
  const { certain, leftOut } = sort(
    found.flatMap((difference) => withContents(difference, parts)),
    notComparable,
    parts,
    removeSecrets,
  )
  const unknown = [
    ...unread.map(
      (part) => `${part || 'what belongs to no table'}: what differs in it is too long to be read`,
    ),
    ...(moreExtra > 0 ? [`${moreExtra} more that are extra: their names were not read`] : []),
  ]
  const sections = [
    comment(title, ...introduction(certain.length)),
    ...transaction(certain),
    ...(leftOut.length + unknown.length > 0 ? [comment('Left out:', ...leftOut, ...unknown)] : []),
  ]
  return `${sections.join('\n\n')}\n`
}

const introduction = (count: number): string[] =>
  count === 0
    ? ['There are no fixes that are certain.']
    : [
        `Certain fixes, ${count}, each behind those that it needs. None of them has been run.`,
        'Read them first. Tables are locked while their indexes are built and their constraints are checked.',
        'To run this file, for instance: psql "$DATABASE_URL" --set ON_ERROR_STOP=1 --file fix.sql',
      ]

/** What has certain statements, in an order in which they can be run, and a line for each of the others. */
function sort(
  differences: readonly Difference[],
  notComparable: readonly Difference[],
  parts: readonly ExpectedPart[],
  removeSecrets: Scrub,
) {
  const around = { differences, notComparable, parts, fixes: wholeFixes }
  const plan: Plan = { withhold: (sql) => unprintable(sql, removeSecrets), valuesComeFirst: true }
  const certain: Titled[] = []
  const leftOut: string[] = []
  const sorted = differences.toSorted((one, other) => rankOf(one) - rankOf(other))
  for (const { difference, statements, withheld } of planFixes(sorted, around, plan)) {
    const { kind, difference: how } = difference
    const title = removeSecrets(`${severityOf(difference)}: ${kind} ${objectName(difference)} is ${how}`)
    if (statements) certain.push({ title, statements })
    else if (!isFixedByAnother(difference, around))
      leftOut.push(`${title}: ${removeSecrets(withheld ? reasonOf(withheld) : whyNoFix(difference, around))}`)
  }
  return { certain, leftOut }
}

function unprintable(sql: string, removeSecrets: Scrub): string | undefined {
  if (removeSecrets(sql) !== sql) return 'its fix would hold a secret of this configuration'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these steer a terminal
  return /[\u0000-\u0008\u000b-\u001f\u007f]/.test(sql) ? 'its fix has control characters' : undefined
}

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
