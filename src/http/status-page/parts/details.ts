import { html } from 'hono/html'
import type { Result } from '../../../core/check.ts'
import { isRecord } from '../../../core/is-record.ts'
import { nextStep } from '../../../core/next-step.ts'
import { runbookOf } from '../../../core/runbook.ts'
import { firstCommandOf } from '../first-command.ts'
import type { Html } from '../format.ts'
import { inEnglish } from '../in-english.ts'
import type { Page } from '../page.ts'
import type { Texts } from '../texts/texts.ts'

export const runbookLink = ({ runbook: word }: Texts, code: string): Html =>
  html`<a href="${runbookOf(code)}">${word}: ${code}</a>`

/** For a reader with the token: what to do next, each finding with its fix, and all other details. */
export function detailsPart(page: Page, result: Result): Html {
  const { texts } = page
  const { findings, ...others } = result.details ?? {}
  const list = Array.isArray(findings) ? findings : []
  return html`${result.status !== 'pass' && nextPart(page, result)}
${list.length > 0 && html`<ul lang="en">${list.map(findingPart)}</ul>`}${
  Object.keys(others).length > 0 &&
  html`<details><summary>${texts.details}</summary><pre>${JSON.stringify(others, null, 1)}</pre></details>
`
}`
}

function nextPart(page: Page, { checker, code, details = {} }: Result): Html {
  const step = nextStep(details)
  const command = firstCommandOf(checker, code)
  return html`${step !== undefined && html`<p>${page.texts.next}: ${inEnglish(page, step)}</p>`}${
    command !== undefined && command !== step && html`<p><code>${command}</code></p>`
  }<p>${runbookLink(page.texts, code)}</p>`
}

/** The last entry of a cut list is a text. */
function findingPart(finding: unknown): Html {
  if (!isRecord(finding)) return html`<li>${String(finding)}</li>`
  const { severity, difference, kind, object, ...more } = finding
  const name = [severity, difference, kind, object].filter(Boolean).join(' ')
  return html`<li>${name}<pre>${Object.entries(more)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n')}</pre></li>`
}
