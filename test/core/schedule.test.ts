import { describe, expect, it } from 'vitest'
import { toSchedule } from '../../src/core/schedule.ts'

const crontab = (value: string) => ({ type: 'crontab', value })

describe('the schedule of a trigger', () => {
  it.each([
    ['*/15 * * * *', '*/15 * * * *'],
    ['0 3 * * 1', '0 3 * * 0'],
    ['0 3 * * 2-6', '0 3 * * 1-5'],
    ['0 3 * * 1,7', '0 3 * * 0,6'],
    ['0 3 * * MON-FRI', '0 3 * * MON-FRI'],
    ['0 3 * * 2/2', '0 3 * * 1/2'],
    [' 0  3 1 JAN * ', '0 3 1 JAN *'],
  ])('counts the weekdays of Cloudflare’s %j from Sunday as 0: %j', (cloudflare, expected) => {
    expect(toSchedule(cloudflare, 1)).toEqual(crontab(expected))
  })

  it('leaves the weekdays of a crontab as they are', () => {
    expect(toSchedule('0 3 * * 1-5', 0)).toEqual(crontab('0 3 * * 1-5'))
  })

  it.each([
    ['rate(15 minutes)', { type: 'interval', value: 15, unit: 'minute' }],
    ['rate(1 hour)', { type: 'interval', value: 1, unit: 'hour' }],
    ['rate(2 days)', { type: 'interval', value: 2, unit: 'day' }],
    ['cron(0/15 * * * ? *)', crontab('*/15 * * * *')],
    ['cron(0 8 ? * 2-6 *)', crontab('0 8 * * 1-5')],
    ['cron(0 8 1 * ? *)', crontab('0 8 1 * *')],
    [' cron(0 8 1 * ? *) ', crontab('0 8 1 * *')],
    [' rate(15 minutes) ', { type: 'interval', value: 15, unit: 'minute' }],
    ['59 23 31 12 7', crontab('59 23 31 12 7')],
    ['10/20 * * * *', crontab('10/20 * * * *')],
    ['*/30 0-23/12 * * sat', crontab('*/30 0-23/12 * * sat')],
  ])('reads EventBridge’s %s', (aws, expected) => {
    expect(toSchedule(aws, 0)).toEqual(expected)
  })

  it.each([
    '59 23 LW * *',
    '0 0 L * *',
    '0 0 15W * *',
    '0 0 * * 6L',
    '0 0 * * 6#3',
    'cron(0 8 1 * ? 2027)',
    'every day',
    'every day at 5 pm',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '*/0 * * * *',
    '1-2-3 * * * *',
    '*/5/5 * * * *',
    '*/5x * * * *',
    '*/x5 * * * *',
    '005 * * * *',
    '5x * * * *',
    'x5 * * * *',
    '?5 * * * *',
    '5? * * * *',
    '* * * 13 *',
    '- * * * *',
    '* * * * * *',
    'a rate(5 minutes)',
    'rate(5 minutes) or so',
    'a cron(0 8 1 * ? *)',
    'cron(0 8 1 * ? *) or so',
    'cron(0 8 1 * ?)',
    'cron(0 8 1 * *)',
    '1, * * * *',
    '0 0 * * 0',
    'rate(0 minutes)',
    '* * * *',
    '@hourly',
    '',
  ])('says of %j that no crontab has it', (text) => {
    expect(toSchedule(text, 1)).toBeUndefined()
  })
})
