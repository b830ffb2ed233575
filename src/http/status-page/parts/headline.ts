import { html } from 'hono/html'
import { worstFirst } from '../check-view.ts'
import type { Html } from '../format.ts'
import { labelOf } from '../labels.ts'
import type { Page } from '../page.ts'
import { shape } from '../shapes.ts'
import type { State } from '../texts/texts.ts'

/** The sentence on top: what does not work and since when; below it, smaller, what does. */
export function headlinePart(page: Page, overall: (typeof worstFirst)[number]): Html {
  const { seesChecks, views, texts, hasToken, isTrusted } = page
  const isOne = !seesChecks || overall === 'pass' || views.every(({ result }) => !result)
  const [worst, ...others] = worstFirst.map((state) => group(page, state)).filter(Boolean)
  return html`<p class="h">${shape(overall)}${isOne ? oneForAll(page, overall) : worst}</p>
${
  !isOne &&
  others.length > 0 &&
  html`<p>${others}</p>
`
}${
  overall !== 'pass' &&
  hasToken &&
  !isTrusted &&
  html`<p><a href="?details">${texts.whatToDo}</a></p>
`
}${storeNotice(page)}`
}

function oneForAll({ texts, views, format, seesChecks }: Page, overall: (typeof worstFirst)[number]): Html {
  const times = views.map(({ since }) => since ?? Number.NaN)
  const since = Math.max(...times)
  const isKnown = seesChecks && overall === 'pass' && since > 0
  if (seesChecks && overall === 'none') return html`${texts.states.none}.`
  return html`${texts.overall[overall]}${isKnown && html` (${texts.since} ${format.time(since)})`}.`
}

function group({ texts, views, options, format, now }: Page, state: State): Html | false {
  const those = views.filter((view) => view.state === state)
  const names = those.map(({ checker, since }, index) => {
    const label = labelOf(options.labels, checker)
    const time = state !== 'pass' && since !== undefined
    return html`${index > 0 && ', '}${label}${time && html` ${texts.since} ${format.time(since)} (${format.duration(Math.max(0, now - since))})`}`
  })
  return those.length > 0 && html`${texts.states[state]}: ${names}. `
}

/** What cannot be known of the past, and how old what is shown is. */
function storeNotice({ texts, hasStore, history, results, format, seesChecks }: Page): Html | false {
  if (!seesChecks || (history && !history.isOld)) return false
  if (!hasStore) return html`<p>${texts.noStore}</p>`
  const last = Math.max(history?.readAt ?? 0, ...results.map(({ timestamp }) => timestamp))
  const lastKnown = last > 0 ? html`${format.time(last)} (${format.age(last)})` : texts.states.none
  return html`<p><b>${texts.storeAway}</b> ${texts.lastKnown}: ${lastKnown}.</p>`
}
