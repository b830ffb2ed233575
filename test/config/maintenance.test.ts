import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config/config.ts'
import { maintenanceWindow } from '../../src/config/maintenance.ts'

const isOpen = (window: string, at: string) => maintenanceWindow(window)?.isOpen(Date.parse(at))

describe('a maintenance window', () => {
  it.each([
    ['2026-12-01T02:00Z/PT2H', '2026-12-01T01:59:59Z', false],
    ['2026-12-01T02:00Z/PT2H', '2026-12-01T02:00:00Z', true],
    ['2026-12-01T02:00Z/PT2H', '2026-12-01T03:59:59Z', true],
    ['2026-12-01T02:00Z/PT2H', '2026-12-01T04:00:00Z', false],
    ['2026-12-01T02:00+01:00/PT30M', '2026-12-01T01:15:00Z', true],
    ['2026-12-01T02:00:30Z/PT2H', '2026-12-01T02:00:29Z', false],
    ['2026-12-01T02:00:30Z/PT2H', '2026-12-01T02:00:30Z', true],
    ['2026-12-01T02:00Z/PT100H', '2026-12-05T05:59:59Z', true],
    ['2026-12-01T02:00Z/PT168H', '2026-12-08T01:59:59Z', true],
    [' Sun 02:30/PT1H ', '2026-11-29T02:29:59Z', false],
    ['Sun 02:30/PT1H', '2026-11-29T03:29:59Z', true],
    // 2026-11-29 is a Sunday; Berlin is one hour ahead in winter and two in summer.
    ['Sun 02:00/PT2H Europe/Berlin', '2026-11-29T01:00:00Z', true],
    ['Sun 02:00/PT2H Europe/Berlin', '2026-11-29T03:00:00Z', false],
    ['Sun 02:00/PT2H Europe/Berlin', '2026-11-30T01:00:00Z', false],
    ['Sun 02:00/PT2H Europe/Berlin', '2026-07-05T00:30:00Z', true],
    ['Sun 02:00/PT2H', '2026-11-29T02:00:00Z', true],
    ['Sat 23:00/PT1H30M', '2026-11-29T00:29:00Z', true],
    ['Sat 23:00/PT1H30M', '2026-11-29T00:30:00Z', false],
  ])('%s at %s: %s', (window, at, expected) => {
    expect(isOpen(window, at)).toBe(expected)
  })

  it.each([
    // Before it, in it, and when it is over.
    ['2026-12-01T02:00Z/PT2H', '2026-11-01T00:00:00Z', '2026-12-01T02:00:00Z', '2026-12-01T04:00:00Z'],
    ['2026-12-01T02:00Z/PT2H', '2026-12-01T03:00:00Z', '2026-12-01T02:00:00Z', '2026-12-01T04:00:00Z'],
    ['2026-12-01T02:00Z/PT2H', '2026-12-01T04:00:00Z', undefined, undefined],
    ['Sun 02:00/PT2H', '2026-11-22T10:21:12Z', '2026-11-29T02:00:00Z', '2026-11-29T04:00:00Z'],
    ['Sun 02:00/PT2H', '2026-11-29T03:59:59Z', '2026-11-29T02:00:00Z', '2026-11-29T04:00:00Z'],
    ['Sun 02:00/PT2H', '2026-11-29T04:00:00Z', '2026-12-06T02:00:00Z', '2026-12-06T04:00:00Z'],
    // On 2026-10-25, a Sunday, Berlin's clocks go back at 03:00.
    ['Mon 02:00/PT2H Europe/Berlin', '2026-10-24T12:00:00Z', '2026-10-26T01:00:00Z', '2026-10-26T03:00:00Z'],
    ['Sat 02:00/PT2H Europe/Berlin', '2026-10-20T12:00:00Z', '2026-10-24T00:00:00Z', '2026-10-24T02:00:00Z'],
    // On 2026-03-29 they go forward at 02:00.
    ['Mon 02:00/PT2H Europe/Berlin', '2026-03-28T12:00:00Z', '2026-03-30T00:00:00Z', '2026-03-30T02:00:00Z'],
  ])('%s is open next, at %s: from %s to %s', (window, at, from, until) => {
    const next = maintenanceWindow(window)?.next(Date.parse(at))
    expect([next?.from, next?.until]).toEqual([from, until].map((time) => time && Date.parse(time)))
  })

  it.each([
    'Sun 02:00',
    '02:00/PT2H',
    'Sun 25:00/PT2H',
    'Sun 02:00/2H',
    'Sun 02:00/PT2H Mars/Olympus',
    '2026-12-01T02:00/PT2H',
    'Sun 02:00/PT0H',
    'Sun 02:00/PT500H',
    'Sun 02:00/PT10081M',
    'Sun 02:00/PT2Hours',
    'Sun 02:00/XPT2H',
    'on Sun 02:00/PT2H',
    'Sun 02:00Z/PT2H',
    'or/Sun 02:00/PT2H',
    'Sun 02:00/PT2H Europe/Berlin!',
    'on 2026-12-01T02:00Z/PT2H',
    '2026-12-01T02:00Z+/PT2H',
    '2026-13-01T02:00Z/PT2H',
    '+002026-12-01T02:00Z/PT2H',
    '2026-12-01T02:00Z/PT2H Europe/Berlin',
  ])('%s is none', (window) => {
    expect(maintenanceWindow(window)).toBeUndefined()
  })

  it('is one of a comma list, and a wrong one is a mistake', () => {
    const { maintenance, mistakes } = readConfig({
      HEALTH_MAINTENANCE: 'Sun 02:00/PT2H Europe/Berlin, 2026-12-01T02:00Z/PT2H',
    })
    expect(maintenance).toHaveLength(2)
    expect(mistakes.filter(({ variable }) => variable === 'HEALTH_MAINTENANCE')).toEqual([])
    const wrong = readConfig({ HEALTH_MAINTENANCE: 'Sun 02:00/PT2H, tomorrow' })
    expect(wrong.mistakes.map(({ sentence }) => sentence).join('\n')).toContain(
      'HEALTH_MAINTENANCE: expected 2026-12-01T02:00Z/PT2H',
    )
  })
})

describe('alerts', () => {
  const redis = { UPSTASH_REDIS_REST_URL: 'https://redis.example', UPSTASH_REDIS_REST_TOKEN: 'token' }
  const sentences = (environment: Record<string, string>) =>
    readConfig(environment)
      .mistakes.map(({ sentence }) => sentence)
      .join('\n')

  it('are refused without a store', () => {
    const environment = { ...redis, ALERT_SLACK_URL: 'https://hooks.example/x' }
    expect(sentences(environment)).toContain('ALERT_SLACK_URL: expected together with HEALTH_STORE=redis')
    expect(readConfig(environment).alerts).toBeUndefined()
    expect(sentences({ ...environment, HEALTH_STORE: 'redis' })).not.toContain('ALERT_')
  })

  it('are one mistake less where the store itself is one, or the check of its Redis', () => {
    const slack = { HEALTH_STORE: 'redis', ALERT_SLACK_URL: 'https://hooks.example/x' }
    const withoutRedis = sentences({ ...slack, HEALTH_CHECKS: 'database' })
    expect(withoutRedis).toContain('HEALTH_STORE: expected off where no Redis is configured, found redis')
    expect(withoutRedis).not.toContain('ALERT_')
    expect(sentences(slack)).toContain('UPSTASH_REDIS_REST_URL')
    expect(sentences(slack)).not.toMatch(/HEALTH_STORE|ALERT_/)
    expect(readConfig(slack).store).toBeUndefined()
  })

  it('go to those who are named, with the defaults of the documents', () => {
    const slack = { ...redis, HEALTH_STORE: 'redis', ALERT_SLACK_URL: 'https://hooks.example/x' }
    const defaults = {
      slackUrl: 'https://hooks.example/x',
      after: 2,
      resolveAfter: 2,
      warnings: false,
      details: false,
    }
    expect(readConfig(slack).alerts).toEqual(defaults)
    expect(readConfig({ ...slack, ALERT_WEBHOOK_SECRET: 'a-secret-of-its-own' }).alerts).toEqual(defaults)
    const named = { ALERT_AFTER: '3', ALERT_RESOLVE_AFTER: '5', ALERT_WARNINGS: 'on', ALERT_DETAILS: 'on' }
    expect(readConfig({ ...slack, ...named }).alerts).toMatchObject({
      ...{ after: 3, resolveAfter: 5, warnings: true, details: true },
    })
    expect(readConfig({ ...slack, ALERT_WARNINGS: 'off', ALERT_DETAILS: 'off' }).alerts).toEqual(defaults)
    expect(readConfig(slack).maintenance).toEqual([])
  })

  it('do not go to a webhook whose secret is missing or wrong, which is one mistake', () => {
    const environment = { ...redis, HEALTH_STORE: 'redis', ALERT_WEBHOOK_URL: 'https://hooks.example/x' }
    const mistakesOf = (more: Record<string, string>) =>
      sentences({ ...environment, ...more }).match(/ALERT_\w+:/g)
    expect(readConfig(environment).alerts?.webhook).toBeUndefined()
    expect(mistakesOf({})).toEqual(['ALERT_WEBHOOK_SECRET:'])
    expect(mistakesOf({ ALERT_WEBHOOK_SECRET: 'short' })).toEqual(['ALERT_WEBHOOK_SECRET:'])
    expect(mistakesOf({ ALERT_WEBHOOK_SECRET: 'a-secret-of-its-own' })).toBeNull()
  })

  it('need a secret for the webhook', () => {
    const environment = { ...redis, HEALTH_STORE: 'redis', ALERT_WEBHOOK_URL: 'https://hooks.example/x' }
    expect(sentences(environment)).toContain('ALERT_WEBHOOK_SECRET: expected beside ALERT_WEBHOOK_URL')
    expect(readConfig({ ...environment, ALERT_WEBHOOK_SECRET: 'a-secret-of-its-own' }).alerts).toMatchObject({
      webhook: { url: 'https://hooks.example/x' },
      after: 2,
    })
  })

  it('remind after minutes, or never', () => {
    const remind = (value: string) =>
      readConfig({ ...redis, HEALTH_STORE: 'redis', ALERT_PAGERDUTY_KEY: 'k', ALERT_REMIND_AFTER: value })
        .alerts?.remindAfterMs
    expect([remind('60'), remind('off'), remind('1')]).toEqual([3_600_000, undefined, undefined])
    expect([remind('5'), remind('10080')]).toEqual([300_000, 604_800_000])
    for (const wrong of ['4', '10081', 'in60', '60min', '60.5', '1e3']) {
      expect(remind(wrong)).toBeUndefined()
      expect(sentences({ ALERT_REMIND_AFTER: wrong })).toContain(
        'ALERT_REMIND_AFTER: expected off or a number of minutes from 5 to 10080',
      )
    }
  })
})
