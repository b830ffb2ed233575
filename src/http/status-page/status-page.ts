import { html, raw } from 'hono/html'
import { serviceOf } from '../../core/report.ts'
import { checkViews, overallState } from './check-view.ts'
import { createFormat } from './format.ts'
import type { Page, StatusPage } from './page.ts'
import { checksPart } from './parts/checks.ts'
import { footerPart } from './parts/footer.ts'
import { headlinePart } from './parts/headline.ts'
import { incidentsPart } from './parts/incidents.ts'
import { maintenancePart } from './parts/maintenance.ts'
import { shapes } from './shapes.ts'
import { style } from './style.ts'
import { languages } from './texts/texts.ts'

/**
 * The status page as a whole document, without the tags that HTML may omit. Pure: it asks nothing, and is the same for the
 * same arguments.
 */
export function renderStatusPage(status: StatusPage): string {
  const { options, now, checkers, results, history, hostname, seesChecks, feedUrl } = status
  const texts = languages[options.language]
  const format = createFormat(texts, now)
  const views = checkViews(checkers, results, history, now)
  const page: Page = { ...status, texts, format, views }
  const overall = overallState(views)
  const title = options.title ?? serviceOf(hostname)
  return `<!doctype html>${html`<html lang="${options.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${texts.overall[overall]} – ${title}</title>
<link rel="icon" href="data:,">
${seesChecks && history && html`<link rel="alternate" type="application/atom+xml" href="${feedUrl}">`}
<style>${raw(style)}</style>
<a class="j" href="#main">${texts.skip}</a>
${shapes}
<header>${options.logoUrl && html`<img src="${options.logoUrl}" alt="">`}<h1>${title}</h1></header>
<main id="main">
${headlinePart(page, overall)}
${seesChecks && [maintenancePart(page), checksPart(page), incidentsPart(page)]}
</main>
${footerPart(page)}
`}`
}
