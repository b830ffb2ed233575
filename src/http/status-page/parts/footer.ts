import { html } from 'hono/html'
import type { Html } from '../format.ts'
import type { Page } from '../page.ts'

/** How old what is shown is, and where to go from here. */
export function footerPart(page: Page): Html {
  const { texts, format, results, release, hostname, isTrusted, hasToken, seesChecks, history, feedUrl } =
    page
  const last = Math.max(0, ...results.map(({ timestamp }) => timestamp))
  const updated = last > 0 ? html`${format.time(last)} (${format.age(last)})` : texts.states.none
  return html`<footer><p>${texts.updated}: ${updated}${isTrusted && `. ${texts.release}: ${release ?? '-'}, ${hostname}`}</p>
<p><a href="">${texts.reload}</a>${seesChecks && history && html` · <a href="${feedUrl}">${texts.feed}</a>`}${hasToken && !isTrusted && html` · <a href="?details">${texts.details}</a>`}</p></footer>`
}
