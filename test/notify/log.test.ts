import { expect, it } from 'vitest'
import { createScrub } from '../../src/core/scrub.ts'
import { createLog, logNotifier } from '../../src/notify/log.ts'
import { failing, passing } from './results.ts'

function report(trigger: 'request' | 'cron', ...results: ReturnType<typeof passing>[]): unknown[] {
  const lines: string[] = []
  const notifier = logNotifier(
    createLog((line) => lines.push(line)),
    createScrub(['planted-secret']),
  )
  notifier.report?.({ trigger, hostname: 'shop', release: '4f2a91c', results })
  return lines.map((line) => JSON.parse(line))
}

it('writes one line for a run that is not all pass, with scrubbed reasons, and of the details what says where to look', () => {
  const cause = new Error('refused planted-secret')
  expect(
    report(
      'request',
      passing('database', { details: { server_version: '18.0' } }),
      failing('redis', 'unreachable', { cause, details: { note: 'private' } }),
      failing('celery', 'unreachable', {
        cause: undefined,
        causedBy: 'redis',
        details: { hint: 'Start Redis.', note: 'private' },
      }),
    ),
  ).toEqual([
    {
      message: 'health check',
      level: 'error',
      trigger: 'request',
      hostname: 'shop',
      release: '4f2a91c',
      results: [
        { checker: 'database', status: 'pass', code: 'ok', response_time: 0.012431 },
        {
          checker: 'redis',
          status: 'fail',
          code: 'unreachable',
          response_time: 0.012431,
          output: 'redis cannot be reached',
          reason: 'refused [redacted]',
        },
        {
          checker: 'celery',
          status: 'fail',
          code: 'unreachable',
          response_time: 0.012431,
          output: 'celery cannot be reached',
          next: 'Start Redis.',
          caused_by: 'redis',
        },
      ],
    },
  ])
})

it.each([
  ['a text with planted-secret', 'a text with [redacted]'],
  ['x'.repeat(5000), 'x'.repeat(2000)],
  [42, '42'],
  [Symbol('x'), 'Symbol(x)'],
  [Object.create(null), 'something that cannot be read'],
])('says what a check threw that is no Error: %o', (cause, reason) => {
  expect(report('request', failing('mail', 'error', { cause }))).toMatchObject([{ results: [{ reason }] }])
})

it('warns of a warning and is silent about what passes and about cron runs', () => {
  expect(report('request', passing('redis', { status: 'warn', code: 'slow' }))).toMatchObject([
    { level: 'warn' },
  ])
  expect(report('request', passing('redis'))).toEqual([])
  expect(report('cron', failing('redis', 'timeout'))).toEqual([])
})
