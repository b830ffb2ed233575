import { faultOfHttpStatus } from '../../clients/http-status.ts'
import { type Check, CheckError, type FaultCode } from '../../core/check.ts'
import { isRecord } from '../../core/is-record.ts'

/** The part of `SQS` of `@aws-sdk/client-sqs` that is used here. */
interface SqsClient {
  getQueueAttributes(
    input: { QueueUrl: string; AttributeNames: (typeof attributes)[number][] },
    options: { abortSignal: AbortSignal },
  ): Promise<{ readonly Attributes?: Readonly<Partial<Record<string, string>>> | undefined }>
}

/**
 * Which queue of Amazon SQS is looked at, and how full it may be.
 *
 * @example
 * const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/orders'
 * const orders = (client: QueueCheckOptions['client']): QueueCheckOptions => ({ name: 'orders', client, queueUrl })
 */
export interface QueueCheckOptions {
  /** The `checker` of the result: a lower-case word that no other check has. */
  readonly name: string
  /** `new SQS({ region, maxAttempts: 1 })` of `@aws-sdk/client-sqs`. Its rights: `sqs:GetQueueAttributes`. */
  readonly client: SqsClient
  readonly queueUrl: string
  /** More waiting messages than this warn; 0 for a dead-letter queue. [any number] */
  readonly maxWaiting?: number
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html; all are approximate. */
const attributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const

/**
 * Is a queue of Amazon SQS there, and how full is it? Costs one GetQueueAttributes. Warns with `backlog`.
 *
 * @example
 * const check = (client: QueueCheckOptions['client'], queueUrl: string) => queueCheck({ name: 'orders', client, queueUrl })
 */
export function queueCheck({ name, client, queueUrl, maxWaiting }: QueueCheckOptions): Check {
  return {
    name,
    async run({ signal }) {
      const input = { QueueUrl: queueUrl, AttributeNames: [...attributes] }
      const answer = await client.getQueueAttributes(input, { abortSignal: signal }).catch(throwFault)
      const [waiting, inFlight, delayed] = attributes.map((key) =>
        Number(answer.Attributes?.[key] ?? Number.NaN),
      )
      if (waiting === undefined || Number.isNaN(waiting)) {
        throw new CheckError('wrong_answer', 'the answer holds no number of messages')
      }
      const details = { waiting, in_flight: inFlight, delayed }
      if (maxWaiting === undefined || waiting <= maxWaiting)
        return { status: 'pass', code: 'ok', output: `${name} ok`, details }
      return { status: 'warn', code: 'backlog', output: `${name} has too many waiting messages`, details }
    },
  }
}

/** Of what the SDK throws only the name and the status are kept: its text has the account and the queue. */
function throwFault(error: unknown): never {
  const name = error instanceof Error ? error.name : 'unknown'
  const metadata = isRecord(error) ? error['$metadata'] : undefined
  const status = isRecord(metadata) ? metadata['httpStatusCode'] : undefined
  throw new CheckError(codeOf(name, status), `SQS: ${name.slice(0, 80)}`)
}

function codeOf(name: string, status: unknown): FaultCode {
  if (/Throttl|OverLimit/.test(name)) return 'quota_exceeded'
  if (/Denied|InvalidClientTokenId|Signature|ExpiredToken|Credentials/.test(name)) return 'unauthorized'
  if (/Timeout|Abort/.test(name)) return 'timeout'
  return typeof status === 'number' ? faultOfHttpStatus(status) : 'unreachable'
}
