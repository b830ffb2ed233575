import { expect, it } from 'vitest'
import { monitorConfig } from '../../../src/notify/sentry/monitor.ts'

it('opens an issue after the second bad check-in in a row', () => {
  expect(monitorConfig({ type: 'crontab', value: '* * * * *' })).toMatchObject({
    schedule: { type: 'crontab', value: '* * * * *' },
    failureIssueThreshold: 2,
  })
})
