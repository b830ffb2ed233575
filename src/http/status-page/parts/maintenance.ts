import { html } from 'hono/html'
import type { Html } from '../format.ts'
import type { Page } from '../page.ts'

/** The times in which somebody works on the application. */
export function maintenancePart({ texts, format, maintenance, now }: Page): Html | false {
  const entries = maintenance.map(
    ({ from, until }) =>
      html`<li>${format.moment(from)}, ${texts.until} ${format.moment(until)}${from <= now && html`, <b>${texts.now}</b>`}</li>`,
  )
  return (
    entries.length > 0 &&
    html`<h2>${texts.states.maintenance}</h2>
<ul>${entries}</ul>
`
  )
}
