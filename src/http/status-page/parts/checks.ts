import { html } from 'hono/html'
import { dayOf, uptimeOf } from '../../../history/uptime.ts'
import { type CheckView, worstFirst } from '../check-view.ts'
import { type DayBar, dayBars, shownDays } from '../day-bars.ts'
import type { Html } from '../format.ts'
import { inEnglish } from '../in-english.ts'
import { labelOf, meaningOf } from '../labels.ts'
import type { Page } from '../page.ts'
import { chartHeight, chartWidth, responseChart } from '../response-chart.ts'
import { classes, shape, states } from '../shapes.ts'
import { detailsPart } from './details.ts'
import { incidentId } from './incidents.ts'

/** Every check with its state, its days and its response times; what somebody is woken for comes first. */
export function checksPart(page: Page): Html {
  const { texts, history, views } = page
  const sorted = worstFirst.flatMap((state) => views.filter((view) => view.state === state))
  return html`<h2>${texts.checks}</h2>
${sorted.map((view) => checkPart(page, view))}${history && legend(page)}`
}

function checkPart(page: Page, { checker, state, result, since }: CheckView): Html {
  const { texts, format, options, history, isTrusted } = page
  const meaning = result && state !== 'pass' && meaningOf(options.labels, texts, checker, result.code)
  return html`<section><h3>${shape(state)}${labelOf(options.labels, checker)}</h3>
<p>${texts.states[state]}${since !== undefined && ` ${texts.since} ${format.moment(since)}`}${state === 'none' && result && `. ${texts.lastKnown}: ${texts.states[result.status]}`}.</p>
${result && result.status !== 'pass' && html`<p>${inEnglish(page, result.output)}</p>`}${meaning && html`<p>${meaning}</p>`}${isTrusted && result && detailsPart(page, result)}${history && [daysPart(page, checker), chartPart(page, checker)]}</section>
`
}

function daysPart({ history, now, format, texts, options }: Page, checker: string): Html {
  const record = history?.records.get(checker)
  const uptime = record && uptimeOf(record, shownDays, now)
  const bars = dayBars(record, history?.incidents ?? [], now, format, texts)
  const known = uptime === undefined ? texts.states.none : texts.known(format.share(uptime))
  const text = `${texts.toToday(format.day(dayOf(now) - shownDays + 1))}: ${known}`
  return html`<ol class="b" role="list" aria-label="${labelOf(options.labels, checker)}">${bars.map(dayPart)}</ol><small>${text}</small>
`
}

/** Elements of a list need no end tag, and there are many. */
function dayPart({ state, text, incident }: DayBar): Html {
  const hidden = incident ? html`<a href="#${incidentId(incident)}"><i>${text}</i></a>` : html`<i>${text}</i>`
  return state === 'pass' ? html`<li>${hidden}` : html`<li class="${classes[state]}">${hidden}`
}

function chartPart({ history, now, format, texts }: Page, checker: string): Html | undefined {
  const chart = responseChart(history?.latest.get(checker) ?? [], now)
  if (!chart) return undefined
  const { path, since, medianMs, slowestMs } = chart
  return html`<figure><svg role="img" aria-label="${texts.responses}" viewBox="0 0 ${chartWidth} ${chartHeight}" preserveAspectRatio="none"><path d="${path}"/></svg><figcaption>${texts.responses} ${texts.since} ${format.moment(since)}: ${texts.median} ${medianMs} ms, ${texts.slowest} ${slowestMs} ms</figcaption></figure>
`
}

/** The bars of days, in words. */
function legend({ texts }: Page): Html {
  return html`<ul class="k">${states.map((state) => html`<li><b class="${classes[state]}"></b>${texts.states[state]}</li>`)}</ul>
`
}
