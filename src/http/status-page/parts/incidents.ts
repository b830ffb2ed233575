import { html } from 'hono/html'
import type { Incident } from '../../../history/check-record.ts'
import { isOpen } from '../../../history/history.ts'
import type { Html } from '../format.ts'
import { inEnglish } from '../in-english.ts'
import { labelOf, meaningOf } from '../labels.ts'
import type { Page } from '../page.ts'
import { runbookLink } from './details.ts'

/** The same for as long as the incident is known, so that it may be linked to; two of one check are minutes apart. */
export const incidentId = ({ check, from }: Incident): string =>
  `${check}-${Math.floor(from / 60_000).toString(36)}`

/** What has happened, the newest first. */
export function incidentsPart(page: Page): Html | undefined {
  const { texts, history } = page
  if (!history) return undefined
  const { incidents } = history
  const none = history.records.size > 0 ? texts.noIncident : `${texts.states.none}.`
  return html`<h2>${texts.incidents}</h2>
${incidents.length > 0 ? html`<ol class="e" role="list">${incidents.map((each) => incidentPart(page, each))}</ol>` : html`<p>${none}</p>`}`
}

function incidentPart(page: Page, incident: Incident): Html {
  const { texts, format, history, options, now, isTrusted, views } = page
  const { check, code, output, from, to, release, releaseBefore } = incident
  const id = incidentId(incident)
  const meaning = meaningOf(options.labels, texts, check, code)
  const open = history !== undefined && isOpen(incident, history.records)
  // Whether it still goes on is not known either while the check is not.
  const isKnown = views.find(({ checker }) => checker === check)?.state !== 'none'
  const lastedMs = (open && isKnown ? now : to) - from
  const lasted = lastedMs > 0 ? format.duration(lastedMs) : texts.once
  return html`<li id="${id}"><h3><a href="#${id}">${labelOf(options.labels, check)}: ${inEnglish(page, output)}</a></h3>
<p>${format.moment(from)}, ${lasted}${open && html`, <b>${isKnown ? texts.open : `${texts.states.none} ${texts.since} ${format.moment(to)}`}</b>`}</p>
${meaning && html`<p>${meaning}</p>`}${isTrusted && html`<p>${runbookLink(texts, code)}${release !== '' && `, ${texts.release} ${release}`}${releaseBefore !== '' && releaseBefore !== release && ` (${texts.before}: ${releaseBefore})`}</p>`}</li>
`
}
