import { describe, expect, it } from 'vitest'
import { readCall } from '../../../src/platforms/lambda/event.ts'
import { recorded, requestEvent } from '../../lambda/events.ts'

describe('what a Lambda function is called with', () => {
  it.each(['function-url-get', 'http-api-head', 'function-url-post-base64'] as const)(
    'takes %s for a request',
    (name) => {
      expect(readCall(recorded(name))).toMatchObject({ kind: 'request', event: recorded(name) })
    },
  )

  it.each(['eventbridge-rule', 'eventbridge-scheduler'] as const)('takes %s for a schedule', (name) => {
    expect(readCall(recorded(name))).toEqual({ kind: 'schedule', schedule: undefined })
  })

  it('takes the input of serverless.yml for a schedule that names itself', () => {
    expect(readCall({ cron: 'rate(15 minutes)' })).toEqual({ kind: 'schedule', schedule: 'rate(15 minutes)' })
  })

  it('never takes a request for a schedule, whatever its caller put into it', () => {
    const forged = {
      ...requestEvent('/x'),
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      cron: '* * * * *',
    }
    expect(readCall(forged).kind).toBe('request')
    expect(readCall({ ...forged, version: '1.0' }).kind).toBe('unknown')
  })

  it.each([
    undefined,
    null,
    'text',
    42,
    [],
    {},
    { version: '2.0' },
    { version: '2.0', rawPath: '/health-check' },
    { version: '1.0', httpMethod: 'GET', path: '/health-check', requestContext: {} },
    { Records: [{ eventSource: 'aws:s3' }] },
    { source: 'aws.s3', 'detail-type': 'Object Created' },
    { cron: 15 },
  ])('knows nothing of %j', (event) => {
    expect(readCall(event)).toEqual({ kind: 'unknown' })
  })
})

it('a request whose method or host is not a text has none', () => {
  const strange = { toString: null }
  const requestContext = { http: { method: strange }, domainName: strange }
  expect(readCall({ version: '2.0', rawPath: '/health-check', requestContext })).toMatchObject({
    ...{ kind: 'request', method: '', url: '' },
  })
})
