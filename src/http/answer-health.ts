import { toReport } from '../core/report.ts'
import type { AppRequest } from './app.ts'
import { credentialOf } from './credential.ts'
import type { Format } from './formats/format.ts'
import { formats } from './formats/formats.ts'
import { knowsOhDearSecret, ohDear } from './formats/oh-dear.ts'
import { type Query, queryOf } from './query.ts'
import {
  bodyText,
  errorResponse,
  httpStatus,
  jsonContentType,
  textResponse,
  unauthorized,
} from './response.ts'
import { visibleReport } from './visibility.ts'
import { whenKnown } from './when-known.ts'

/**
 * The health answer itself, in one of its forms; it runs what has expired. Where nothing has to be waited for, it is
 * answered at once: a promise costs more than the rest of an answer from the cache.
 */
export function answerHealth(
  request: Request,
  { options, context }: AppRequest,
): Response | Promise<Response> {
  return whenKnown(credentialOf(request, options.token), (credential) => {
    if (credential === 'wrong') return unauthorized('the token is wrong')
    const isTrusted = credential === 'right'
    const query = queryOf(request.url)
    if (query.format === undefined) return answer({ options, context, query, isTrusted, maySee: isTrusted })
    const format = formats.get(query.format)
    if (!format) return refuseFormat()
    if (format !== ohDear) return answer({ options, context, query, isTrusted, maySee: isTrusted, format })
    return whenKnown(knowsOhDearSecret(request, options.ohDearSecret), (isKnown) => {
      if (!isKnown) return unauthorized('this format needs the secret of Oh Dear')
      const maySee = isTrusted || options.ohDearSecret !== undefined
      return answer({ options, context, query, isTrusted, maySee, format })
    })
  })
}

interface Asked extends AppRequest {
  readonly query: Query
  /** Showed the token. */
  readonly isTrusted: boolean
  /** Sees the answer whatever is public. */
  readonly maySee: boolean
  readonly format?: Format
}

function answer({ options, context, query, isTrusted, maySee, format }: Asked): Response | Promise<Response> {
  const { clock, checkers, visibility, failedStatus, deadlineMs } = options
  if (visibility === 'none' && !maySee) return unauthorized('the answer needs the token')
  const { fresh, checks: asked } = query
  if (fresh && !isTrusted) return unauthorized('fresh needs the token')
  if (asked.some((name) => !checkers.includes(name))) {
    return errorResponse(404, 'unknown_check', 'there is no such check here', { checks: checkers })
  }
  const names = asked.length === 0 ? checkers : checkers.filter((name) => asked.includes(name))
  const deadlineAt = context.arrivedAt + deadlineMs
  return whenKnown(options.results(names, { ...context, fresh, deadlineAt }), (results) => {
    const report = visibleReport(toReport(results, context, clock.now()), visibility, maySee)
    const status = httpStatus(report, failedStatus)
    if (!format) return textResponse(bodyText(report, isTrusted), jsonContentType, status)
    return textResponse(format.render(report, isTrusted), format.contentType, format.always200 ? 200 : status)
  })
}

const refuseFormat = (): Response =>
  errorResponse(406, 'not_acceptable', 'there is no such format', { formats: [...formats.keys()] })
