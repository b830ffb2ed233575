import type { Result } from '../core/check.ts'
import type { Period } from '../core/period.ts'
import { type Report, toReport } from '../core/report.ts'
import type { KnownHistory } from '../history/history.ts'
import type { AppRequest } from './app.ts'
import { credentialOf } from './credential.ts'
import { atomContentType, atomFeed } from './formats/atom.ts'
import { renderBadge } from './formats/badge.ts'
import { historyJson } from './formats/history-json.ts'
import { metricsContentTypes, metricsFormatOf, renderMetrics } from './formats/open-metrics.ts'
import { statuspageSummary } from './formats/statuspage.ts'
import { historyOfChecks, knownNow } from './known-now.ts'
import { errorResponse, jsonResponse, textResponse, unauthorized } from './response.ts'
import { seesChecks, visibleReport } from './visibility.ts'

/** What such an answer is made from. */
interface Last {
  readonly request: Request
  /** The last results as this caller may see them, also those that are old. */
  readonly report: Report
  /** The same without those that are old: a form that has no time for each result would pass them off as the state now. */
  readonly current: Report
  /** Whether the caller has the token. */
  readonly isTrusted: boolean
  /** Whether one state of all checks is known now, also where the report hides them. */
  readonly isKnown: boolean
  /** Undefined when there is no store, and when it cannot be read or seen. */
  readonly history: KnownHistory | undefined
  /** The maintenance windows that are open or will be; most answers do not show them, and calendars are slow. */
  readonly maintenance: () => readonly Period[]
}

interface LastAnswer {
  /** What is read for it. One that is about the past alone does not exist without a store. */
  readonly shows: 'results' | 'history' | 'both'
  readonly render: (last: Last) => Response
}

const noData = () =>
  errorResponse(503, 'no_data', 'nothing is known now: no result, or no history, can be read')

/** Answers that show what is known and never ask a dependency: a scraper must not wake a database. */
export const lastAnswers: Readonly<Record<string, LastAnswer>> = {
  metrics: {
    shows: 'results',
    render({ report, current, isKnown, request, isTrusted }) {
      const format = metricsFormatOf(request.headers.get('accept'))
      const overall = isKnown ? current.status : undefined
      return textResponse(renderMetrics(report, format, isTrusted, overall), metricsContentTypes[format], 200)
    },
  },
  'badge.json': {
    shows: 'results',
    render: ({ current, isKnown }) => jsonResponse(renderBadge(current, isKnown), 200),
  },
  // Its readers know no state for what is not known, and would take it for good.
  'status.json': {
    shows: 'both',
    render: ({ current, history, request, isKnown, maintenance }) =>
      isKnown ? jsonResponse(statuspageSummary(current, history, request.url, maintenance()), 200) : noData(),
  },
  'history.json': {
    shows: 'history',
    render: ({ history, report }) => (history ? jsonResponse(historyJson(history, report), 200) : noData()),
  },
  'feed.atom': {
    shows: 'history',
    render: ({ history, report, request }) =>
      history
        ? textResponse(atomFeed(history, report.hostname, request.url), atomContentType, 200)
        : noData(),
  },
}

export async function answerLast(
  request: Request,
  { options, context }: AppRequest,
  { shows, render }: LastAnswer,
): Promise<Response> {
  const { clock, token, visibility, checkers, deadlineMs } = options
  const credential = await credentialOf(request, token)
  if (credential === 'wrong') return unauthorized('the token is wrong')
  const isTrusted = credential === 'right'
  if (visibility === 'none' && !isTrusted) return unauthorized('the answer needs the token')
  const isSeen = seesChecks(visibility, isTrusted)
  if (shows === 'history' && !isSeen) return unauthorized('the history needs the token')
  if (shows === 'history' && !options.history)
    return errorResponse(404, 'no_store', 'there is no history without HEALTH_STORE=redis')
  const asked = { ...context, fresh: false, deadlineAt: context.arrivedAt + deadlineMs }
  const results = shows === 'history' ? [] : await options.lastResults(checkers, asked)
  const now = clock.now()
  const reportOf = (some: readonly Result[]) =>
    visibleReport(toReport(some, context, now), visibility, isTrusted)
  const known = knownNow(checkers, results, now)
  const read = shows !== 'results' && isSeen ? await options.history?.(asked) : undefined
  const history = !read || read.isOld ? undefined : historyOfChecks(read, checkers)
  return render({
    request,
    report: reportOf(results),
    current: reportOf(known.results),
    isKnown: known.isEnough,
    isTrusted,
    history,
    maintenance: () => options.maintenance(now),
  })
}
