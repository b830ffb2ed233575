import { appendFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { messageOf } from '../../compile/compile-error.ts'
import type { Scrub } from '../../core/scrub.ts'
import { annotation } from '../terminal/annotation.ts'
import { harmless, painter } from '../terminal/terminal.ts'
import { UsageError } from '../usage-error.ts'
import { jsonOutcome } from './json.ts'
import { markdownOutcome } from './markdown.ts'
import type { GateWords } from './options.ts'
import type { GateOutcome } from './outcome.ts'
import { renderOutcome } from './render.ts'

/** Writes the outcome to where it is wanted: stdout, a file, GitHub. With `json` stdout holds nothing but the document. */
export function writeOutcome(
  outcome: GateOutcome,
  { json = false, markdown }: Pick<GateWords, 'json' | 'markdown'>,
  removeSecrets: Scrub,
): void {
  const lines = json ? [jsonOutcome(outcome)] : renderOutcome(outcome, painter(process.stdout))
  process.stdout.write(`${lines.map((line) => removeSecrets(line)).join('\n')}\n`)
  const text = () => removeSecrets(markdownOutcome(outcome))
  if (markdown !== undefined) writeMarkdown(markdown, text())
  if (process.env['GITHUB_ACTIONS'] !== 'true') return
  for (const line of annotations(outcome))
    (json ? process.stderr : process.stdout).write(`${removeSecrets(line)}\n`)
  const summary = process.env['GITHUB_STEP_SUMMARY']
  if (summary) appendFileSync(summary, text())
}

function writeMarkdown(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw new UsageError(`--markdown: ${messageOf(error)}.`)
  }
}

/** One for each finding that stops or warns, at the migration's file. GitHub shows ten of each kind at most. */
function annotations({ verdict, report, reason, check }: GateOutcome): string[] {
  if (verdict === 'not_asked')
    return [annotation('error', 'Gate', `production cannot be asked: ${harmless(reason ?? '')}`)]
  if (verdict === 'differs')
    return [
      annotation('error', 'Gate', `production differs from its migrations: ${harmless(check?.output ?? '')}`),
    ]
  const deploy = (report?.findings ?? []).map((finding) => ({ finding, file: undefined }))
  const all = (report?.migrations ?? []).flatMap(({ findings, file }) =>
    findings.map((finding) => ({ finding, file: relative('', file) })),
  )
  return [...all, ...deploy].flatMap(({ finding: { level, code, message, advice }, file }) =>
    level === 'pass'
      ? []
      : [
          annotation(
            level === 'fail' ? 'error' : 'warning',
            `Gate: ${code}`,
            harmless(advice === undefined ? message : `${message}; safer: ${advice}`),
            file,
          ),
        ],
  )
}
