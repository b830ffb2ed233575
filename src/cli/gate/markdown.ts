import type { GateFinding, Level } from '../../gate/judge/finding.ts'
import { harmless } from '../terminal/terminal.ts'
import type { GateOutcome } from './outcome.ts'

const marks: Readonly<Record<Level, string>> = { pass: '🟢 PASS', warn: '🟡 WARN', fail: '🔴 FAIL' }

/** The outcome as Markdown: the step summary of GitHub, a comment on a pull request. */
export function markdownOutcome({ verdict, report, reason, check }: GateOutcome): string {
  if (verdict === 'not_asked') return `## Gate: production cannot be asked\n\n${cell(reason ?? '')}\n`
  if (verdict === 'differs')
    return `## Gate: ${marks.fail}\n\nProduction differs from its migrations: ${cell(check?.output ?? '')}\n`
  if (!report) return `## Gate: ${marks.pass}\n\nNo migration is pending.\n`
  const sections = report.migrations.map(({ tag, verdict: one, findings }) =>
    [`### ${marks[one]} ${cell(tag)}`, ...table(findings)].join('\n\n'),
  )
  const deploy =
    report.findings.length > 0 ? [['### The deploy', ...table(report.findings)].join('\n\n')] : []
  return `${[`## Gate: ${marks[verdict]}`, ...sections, ...deploy].join('\n\n')}\n`
}

function table(findings: readonly GateFinding[]): string[] {
  const shown = findings.filter(
    ({ level, code, allowed }) => level !== 'pass' || allowed || code === 'needs_first',
  )
  if (shown.length === 0) return ['Nothing that exists is worked on while somebody waits.']
  const rows = shown.map(({ level, code, statement, message, advice, allowed }) => {
    const text = [message, ...(allowed ? [`allowed: ${allowed}`] : advice ? [`safer: ${advice}`] : [])].join(
      '; ',
    )
    return `| ${marks[level]} | ${code} | ${statement?.number ?? ''} | ${cell(text)} |`
  })
  return [['| | code | statement | |', '|---|---|---|---|', ...rows].join('\n')]
}

/** Text from a migration must not be Markdown of its own. */
const cell = (text: string): string => harmless(text).replaceAll(/[\\`|<>*_[\]]/g, (mark) => `\\${mark}`)
