import type { AppRequest } from './app.ts'
import { credentialOf } from './credential.ts'
import { historyOfChecks } from './known-now.ts'
import { queryOf } from './query.ts'
import { errorResponse, textResponse } from './response.ts'
import { renderStatusPage } from './status-page/status-page.ts'
import { styleHash } from './status-page/style.ts'
import { seesChecks } from './visibility.ts'

/** The status page, from what is known: no dependency is asked. */
export async function answerPage(request: Request, { options, context }: AppRequest): Promise<Response> {
  const { clock, token, visibility, checkers, deadlineMs, statusPage } = options
  const credential = await credentialOf(request, token, true)
  if (credential === 'wrong') return askForToken('the token is wrong')
  const isTrusted = credential === 'right'
  // A browser asks its user for the token only when an answer demands it.
  const wantsDetails = token !== undefined && queryOf(request.url).details
  if (!isTrusted && (visibility === 'none' || wantsDetails)) return askForToken('this page needs the token')
  const asked = { ...context, fresh: false, deadlineAt: context.arrivedAt + deadlineMs }
  const isSeen = seesChecks(visibility, isTrusted)
  const results = await options.lastResults(checkers, asked)
  const read = isSeen ? await options.history?.(asked) : undefined
  const now = clock.now()
  const page = renderStatusPage({
    ...context,
    options: statusPage,
    checkers,
    results,
    history: read && historyOfChecks(read, checkers),
    hasStore: options.history !== undefined,
    maintenance: options.maintenance(now),
    seesChecks: isSeen,
    isTrusted,
    hasToken: token !== undefined,
    // Both addresses are answered, with a slash behind them too.
    feedUrl: new URL(request.url).pathname.endsWith('/') ? '../feed.atom' : 'feed.atom',
    now,
  })
  return textResponse(page, 'text/html; charset=utf-8', 200, headersOf(statusPage.logoUrl))
}

/** Nothing but the page's own style and images may be loaded, no script runs, and no frame holds the page. */
function headersOf(logoUrl: string | undefined): Record<string, string> {
  const images = logoUrl === undefined ? 'data:' : `data: ${new URL(logoUrl).origin}`
  return {
    'Content-Security-Policy': `default-src 'none'; style-src '${styleHash}'; img-src ${images}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'Referrer-Policy': 'no-referrer',
  }
}

const askForToken = (sentence: string): Response =>
  errorResponse(401, 'unauthorized', sentence, {}, { 'WWW-Authenticate': 'Basic realm="health check"' })
