import type { LambdaEvent } from 'hono/aws-lambda'
import { isRecord } from '../../core/is-record.ts'

/** What a Lambda function may be called with, as far as it concerns us. */
export type Call =
  | {
      readonly kind: 'request'
      readonly event: LambdaEvent
      readonly method: string
      /** What the adapter will make the request of; it need not be a URL, and is empty without a host. */
      readonly url: string
    }
  | { readonly kind: 'schedule'; readonly schedule: string | undefined }
  | { readonly kind: 'unknown' }

/**
 * Distinguishes a request (payload format 2.0, which Function URLs and HTTP APIs send,
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html) from a schedule
 * (https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html). A schedule with an input of its own sends
 * that input and nothing else; ours is `{"cron": "rate(15 minutes)"}`.
 */
export function readCall(event: unknown): Call {
  if (!isRecord(event)) return { kind: 'unknown' }
  const { version, rawPath, requestContext, source, cron } = event
  const http = isRecord(requestContext) ? requestContext['http'] : undefined
  if (version === '2.0' && typeof rawPath === 'string' && isRecord(http)) {
    const host = textOf(hostOf(event))
    return {
      kind: 'request',
      event: event as unknown as LambdaEvent,
      method: textOf(http['method']),
      url: host === '' ? '' : `https://${host}${rawPath}`,
    }
  }
  // Anybody who can reach the URL can write requests, so nothing in one is ever taken for a schedule.
  if (requestContext !== undefined) return { kind: 'unknown' }
  const isScheduled = event['detail-type'] === 'Scheduled Event'
  if (isScheduled || source === 'aws.events' || source === 'aws.scheduler' || typeof cron === 'string') {
    return { kind: 'schedule', schedule: typeof cron === 'string' ? cron : undefined }
  }
  return { kind: 'unknown' }
}

/** Empty where it is something else: not every object can be made a text of. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The domain that was called, or without one the Host header, as the adapter reads them. */
function hostOf({ requestContext, headers }: Record<string, unknown>): unknown {
  if (isRecord(requestContext) && 'domainName' in requestContext) return requestContext['domainName']
  return isRecord(headers) ? headers['host'] : undefined
}
