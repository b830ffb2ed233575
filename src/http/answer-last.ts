import { type Report, toReport } from '../core/report.ts'
import { unauthorized } from './answer-health.ts'
import type { AppRequest } from './app.ts'
import { credentialOf } from './credential.ts'
import { renderBadge } from './formats/badge.ts'
import { metricsContentTypes, metricsFormatOf, renderMetrics } from './formats/open-metrics.ts'
import { jsonResponse, textResponse } from './response.ts'
import { visibleReport } from './visibility.ts'

type Render = (report: Report, request: Request, hasResults: boolean) => Response

/** Answers that show the last results, expired or not, and never ask a dependency: a scraper must not wake a database. */
export const lastAnswers: Readonly<Record<string, Render>> = {
  metrics(report, request) {
    const format = metricsFormatOf(request.headers.get('accept'))
    return textResponse(renderMetrics(report, format), metricsContentTypes[format], 200)
  },
  'badge.json': (report, _request, hasResults) => jsonResponse(renderBadge(report, hasResults), 200),
}

export async function answerLast(
  request: Request,
  { options, context }: AppRequest,
  render: Render,
): Promise<Response> {
  const { clock, token, visibility, checkers, deadlineMs } = options
  const credential = await credentialOf(request, token)
  if (credential === 'wrong') return unauthorized('the token is wrong')
  if (visibility === 'none' && credential !== 'right') return unauthorized('the answer needs the token')
  const deadlineAt = context.arrivedAt + deadlineMs
  const results = await options.lastResults(checkers, { ...context, fresh: false, deadlineAt })
  const report = visibleReport(toReport(results, context, clock.now()), visibility, credential === 'right')
  return render(report, request, results.length > 0)
}
