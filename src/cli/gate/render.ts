import type { GateFinding, Level } from '../../gate/judge/finding.ts'
import { waitsText } from '../../gate/judge/words.ts'
import type { GatedMigration, GateReport } from '../../gate/report.ts'
import { formatDuration } from '../terminal/duration.ts'
import { renderTable } from '../terminal/table.ts'
import { harmless, type Paint } from '../terminal/terminal.ts'
import type { GateOutcome } from './outcome.ts'

const colours = { pass: 'green', warn: 'yellow', fail: 'red' } as const
const word = (level: Level, paint: Paint) => paint(colours[level], level.toUpperCase())

/** The outcome for people, as lines without line ends. */
export function renderOutcome(outcome: GateOutcome, paint: Paint): string[] {
  const { verdict, report, check, reason } = outcome
  if (verdict === 'not_asked') {
    return [
      ...(check ? [...renderTable([check], paint), ''] : []),
      `${paint('red', 'production cannot be asked')}: ${harmless(reason ?? '')}`,
    ]
  }
  if (verdict === 'differs') {
    return [
      ...(check ? [...renderTable([check], paint), ''] : []),
      `${paint('red', 'FAIL')}: production differs from its migrations, so what is measured on them would not be true there`,
    ]
  }
  if (!report) return [`edge-health gate: ${paint('green', 'PASS')}, no migration is pending`]
  const warned = check && check.status !== 'pass' ? ['', ...renderTable([check], paint)] : []
  return [
    heading(report),
    ...warned,
    ...report.migrations.flatMap((each) => ['', ...migrationLines(each, report, paint)]),
    ...deployLines(report, paint),
  ]
}

function heading({ migrations, serverVersion, times, driver, oneTransaction }: GateReport): string {
  const count = `${migrations.length} pending migration${migrations.length === 1 ? '' : 's'}`
  const how = oneTransaction ? 'all in one transaction' : 'without a transaction'
  return `edge-health gate: ${count}, Postgres ${versionText(serverVersion)}, ${driver} (${how}), measured in ${formatDuration(times.replayMs + times.measureMs)}`
}

const versionText = (version: number): string => `${Math.floor(version / 10_000)}.${version % 10_000}`

function migrationLines(migration: GatedMigration, report: GateReport, paint: Paint): string[] {
  const { tag, verdict, findings } = migration
  return [
    `${word(verdict, paint)} ${paint('bold', harmless(tag))}`,
    ...findings
      .filter(({ level, allowed }) => level !== 'pass' || allowed)
      .flatMap((each) => findingLines(each, paint)),
    ...quietLines(migration, report),
  ]
}

function findingLines(finding: GateFinding, paint: Paint): string[] {
  const { statement, message, level, code, object, waits, advice, saferSql, allowed } = finding
  const number = statement ? String(statement.number).padStart(3) : '  -'
  const state = allowed ? `allowed (${harmless(allowed)})` : word(level, paint)
  const others = (waits ?? []).filter((each) => each.object !== object)
  return [
    `${number}  ${state} ${code}: ${harmless(message)}`,
    ...(statement ? [paint('dim', `       ${harmless(statement.text)}`)] : []),
    ...(others.length > 0 ? [`       meanwhile wait: ${harmless(waitsText(others))}`] : []),
    ...(advice && !allowed ? [`       safer: ${harmless(advice)}`] : []),
    ...(allowed ? [] : (saferSql ?? []).map((sql) => `         ${harmless(sql)};`)),
  ]
}

/** What passes, in as few lines as say it. */
function quietLines({ findings }: GatedMigration, { oneTransaction }: GateReport): string[] {
  const passing = findings.filter(({ level, allowed }) => level === 'pass' && !allowed)
  const works = passing.filter(({ code, waits }) => code !== 'blocks' && code !== 'needs_first' && waits)
  const blocks = passing.filter(({ code }) => code === 'blocks').flatMap(({ waits = [] }) => waits)
  const needs = passing.filter(({ code }) => code === 'needs_first').map(({ object }) => object)
  const unique = [...new Map(blocks.map((each) => [each.object, each])).values()]
  return [
    ...works.map(
      ({ message, statement }) => `${String(statement?.number ?? '-').padStart(3)}  ${harmless(message)}`,
    ),
    ...(unique.length > 0
      ? [
          `     ${harmless(waitsText(unique))} wait for an instant${oneTransaction ? ', to the end of the transaction' : ''}`,
        ]
      : []),
    ...(findings.length === 0 ? ['     nothing that exists is locked, read, rewritten or indexed'] : []),
    ...(needs.length > 0
      ? [`     the new release needs first: ${harmless(needs.join(', '))} (migrate, then deploy)`]
      : []),
  ]
}

function deployLines({ findings, expired, verdict, sizesFrom }: GateReport, paint: Paint): string[] {
  const lines = [
    ...findings.flatMap((finding) => findingLines(finding, paint)),
    ...expired.map(
      ({ code, object, migration }) =>
        `  -  note: the allowance of ${harmless(`${code}:${object}`)} has expired, ${harmless(migration ?? '')} is not pending: delete it from the file`,
    ),
    ...(sizesFrom === 'estimates'
      ? ['  -  note: a lock hid the sizes of the files; these are the estimates of ANALYZE']
      : []),
  ]
  return [...(lines.length > 0 ? ['', ...lines] : []), '', word(verdict, paint)]
}
