import { toReport } from '../core/report.ts'
import type { AppRequest } from './app.ts'
import { credentialOf } from './credential.ts'
import { formats } from './formats/formats.ts'
import { knowsOhDearSecret, ohDear } from './formats/oh-dear.ts'
import { askedChecks, queryOf } from './query.ts'
import { errorResponse, httpStatus, jsonResponse, textResponse, toBody, unauthorized } from './response.ts'
import { visibleReport } from './visibility.ts'

/** The health answer itself, in one of its forms; it runs what has expired. */
export async function answerHealth(request: Request, { options, context }: AppRequest): Promise<Response> {
  const { clock, checkers, token, ohDearSecret, visibility, failedStatus, deadlineMs } = options
  const query = queryOf(request.url)
  const credential = await credentialOf(request, token)
  if (credential === 'wrong') return unauthorized('the token is wrong')
  const isTrusted = credential === 'right'
  // A plus sign that is not encoded reads as a space.
  const formatName = query.get('format')?.replace('health json', 'health+json')
  const format = formatName === undefined ? undefined : formats.get(formatName)
  if (formatName !== undefined && !format) return refuseFormat()
  if (format === ohDear && !(await knowsOhDearSecret(request, ohDearSecret))) {
    return unauthorized('this format needs the secret of Oh Dear')
  }
  const maySee = isTrusted || (format === ohDear && ohDearSecret !== undefined)
  if (visibility === 'none' && !maySee) return unauthorized('the answer needs the token')
  const fresh = query.has('fresh')
  if (fresh && !isTrusted) return unauthorized('fresh needs the token')
  const asked = askedChecks(query)
  if (asked.some((name) => !checkers.includes(name))) {
    return errorResponse(404, 'unknown_check', 'there is no such check here', { checks: checkers })
  }
  const names = checkers.filter((name) => asked.length === 0 || asked.includes(name))
  const deadlineAt = context.arrivedAt + deadlineMs
  const results = await options.results(names, { ...context, fresh, deadlineAt })
  const report = visibleReport(toReport(results, context, clock.now()), visibility, maySee)
  const status = httpStatus(report, failedStatus)
  if (!format) return jsonResponse(toBody(report, isTrusted), status)
  return textResponse(format.render(report, isTrusted), format.contentType, format.always200 ? 200 : status)
}

const refuseFormat = (): Response =>
  errorResponse(406, 'not_acceptable', 'there is no such format', { formats: [...formats.keys()] })
