/** The SDK of AWS itself, and a server that answers as SQS does (AWS JSON 1.0). */
import { SQS } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { type QueueCheckOptions, queueCheck } from '../../../src/checks/ready/queue.ts'
import { CheckError } from '../../../src/core/check.ts'
import { createHealth } from '../../../src/health.ts'
import { answering, serve } from '../../support/http.ts'

const queueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/planted'
const credentials = { accessKeyId: 'planted-key', secretAccessKey: 'planted-secret' }
const clientOf = (endpoint: string) =>
  new SQS({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 })

const ask = async (
  endpoint: string,
  more: Partial<QueueCheckOptions> = {},
  signal = AbortSignal.timeout(10_000),
) =>
  queueCheck({ name: 'orders', client: clientOf(endpoint), queueUrl, ...more }).run({
    signal,
    timeoutMs: 10_000,
  })

const full = JSON.stringify({
  Attributes: {
    ApproximateNumberOfMessages: '7',
    ApproximateNumberOfMessagesNotVisible: '2',
    ApproximateNumberOfMessagesDelayed: '1',
  },
})
const fault = (type: string) =>
  JSON.stringify({ __type: `com.amazonaws.sqs#${type}`, message: 'planted 123456789012' })

describe('queueCheck', () => {
  it('asks GetQueueAttributes once', async () => {
    const asked: unknown[] = []
    const endpoint = await serve(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      asked.push([request.headers['x-amz-target'], JSON.parse(body)])
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end(full)
    })
    expect(await ask(endpoint)).toEqual({
      status: 'pass',
      code: 'ok',
      output: 'orders ok',
      details: { waiting: 7, in_flight: 2, delayed: 1 },
    })
    expect(asked).toEqual([
      ['AmazonSQS.GetQueueAttributes', { QueueUrl: queueUrl, AttributeNames: expect.any(Array) }],
    ])
  })

  it.each([
    [6, 'warn', 'backlog'],
    [7, 'pass', 'ok'],
    [0, 'warn', 'backlog'],
  ])('with at most %i waiting messages finds 7: %s', async (maxWaiting, status, code) => {
    expect(await ask(await answering(200, full), { maxWaiting })).toMatchObject({ status, code })
  })

  it.each([
    [400, fault('QueueDoesNotExist'), 'wrong_answer'],
    [403, fault('AccessDeniedException'), 'unauthorized'],
    [403, fault('InvalidClientTokenId'), 'unauthorized'],
    [400, fault('ThrottlingException'), 'quota_exceeded'],
    [403, fault('OverLimit'), 'quota_exceeded'],
    [503, fault('ServiceUnavailable'), 'unreachable'],
    [200, '{"Attributes":{}}', 'wrong_answer'],
    [200, '{}', 'wrong_answer'],
  ])('fails at status %i and %s with %s, and repeats nothing of it', async (status, body, code) => {
    const error = await ask(await answering(status, body)).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(CheckError)
    expect(error).toMatchObject({ code })
    expect(error).not.toHaveProperty('cause')
    expect(String(error)).not.toMatch(/planted|1234/)
  })

  it('fails where nobody listens, and ends with its signal', async () => {
    await expect(ask('http://127.0.0.1:1')).rejects.toMatchObject({ code: 'unreachable' })
    const silent = await serve(() => {})
    await expect(ask(silent, {}, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'timeout' })
  })

  it('is a check among the others', async () => {
    const checks = [queueCheck({ name: 'orders', client: clientOf(await answering(200, full)), queueUrl })]
    const health = createHealth({ environment: { HEALTH_CHECKS: 'orders' }, checks, write: () => {} })
    expect((await health.check({ hostname: 'here' })).results).toMatchObject([{ code: 'ok' }])
  })
})
