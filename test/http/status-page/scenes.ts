import type { Result } from '../../../src/core/check.ts'
import { expectedRunMs, type KnownHistory, knownHistory, observe } from '../../../src/history/history.ts'
import type { Observation } from '../../../src/history/observation.ts'
import type { StatusPage } from '../../../src/http/status-page/page.ts'
import { dayMs, hourMs, type LogOptions, minuteMs, now, scriptedLog } from './scripted-log.ts'

export const checks = ['database', 'migrations', 'celery', 'redis'] as const

const historyOf = (log: readonly Observation[]): KnownHistory =>
  knownHistory(observe(new Map(), log, now, expectedRunMs), expectedRunMs, now - 29_000)

/** The last result of each check in the log, as the isolate has it. */
export function resultsOf(
  log: readonly Observation[],
  details: Record<string, Result['details']> = {},
): Result[] {
  const last = new Map(log.toSorted((a, b) => a.at - b.at).map((each) => [each.check, each]))
  return [...last.values()].map(({ check, at, status, code, output, responseMs }) => ({
    checker: check,
    ...{ status, code, output },
    ...(details[check] && { details: details[check] }),
    timestamp: at,
    expires: at + 27_000,
    responseTime: responseMs,
  }))
}

/** A page from a log, as somebody without the token sees it. */
export function sceneOf(log: LogOptions, more: Partial<StatusPage> = {}): StatusPage {
  const observations = scriptedLog(log)
  return {
    hostname: 'tickets/fra',
    release: '4f2a91c',
    options: { title: 'Tickets', labels: new Map(), logoUrl: undefined, language: 'en' },
    checkers: log.checks,
    results: resultsOf(observations),
    history: historyOf(observations),
    hasStore: true,
    maintenance: [],
    seesChecks: true,
    isTrusted: false,
    hasToken: true,
    feedUrl: 'feed.atom',
    now,
    ...more,
  }
}

/** Ten days ago the database was away for 50 minutes. */
const badDay = {
  check: 'database',
  from: now - 10 * dayMs - 5 * hourMs,
  until: now - 10 * dayMs - 4 * hourMs - 10 * minuteMs,
}

const outage = [
  badDay,
  {
    check: 'celery',
    from: now - 75 * minuteMs,
    until: now + dayMs,
    code: 'no_workers',
    output: 'no worker is subscribed',
  },
  {
    check: 'redis',
    from: now - 40 * minuteMs,
    until: now + dayMs,
    status: 'warn',
    code: 'slow',
    output: 'redis answers slowly',
  },
] as const

const sunday = { from: now - hourMs, until: now + hourMs }

/** The six states that are looked at. */
export const scenes = {
  'all well': () => sceneOf({ checks }),
  'one bad day': () => sceneOf({ checks, troubles: [badDay] }),
  'outage now': () => sceneOf({ checks, troubles: outage }),
  maintenance: () =>
    sceneOf(
      {
        checks,
        troubles: checks.map((check) => ({
          check,
          from: sunday.from,
          until: sunday.until,
          isMaintenance: true as const,
        })),
      },
      { maintenance: [sunday, { from: now + 7 * dayMs, until: now + 7 * dayMs + 2 * hourMs }] },
    ),
  'no data': () => sceneOf({ checks, days: 0 }, { results: [] }),
  'store away': () => sceneOf({ checks }, { history: undefined }),
} satisfies Record<string, () => StatusPage>

/** As large as the size is measured with: 90 days, 6 checks, 20 incidents. */
export function largeScene(): StatusPage {
  const six = [...checks, 'mail', 'search']
  const troubles = Array.from({ length: 20 }, (_, index) => {
    const from = now - (3 + index * 4) * dayMs - ((index * 37) % 11) * hourMs
    return { check: six[index % 6] ?? 'mail', from, until: from + (20 + ((index * 53) % 170)) * minuteMs }
  })
  return sceneOf({ checks: six, troubles })
}

/** Words without a blank, and details that are long: nothing of it may be wider than a phone. */
export function longWords(): StatusPage {
  const word = 'Bestellungen'.repeat(8)
  const scene = scenes['outage now']()
  const details = {
    next: `npx ${word}`,
    findings: [{ object: word, fix: `ALTER TABLE ${word} ADD COLUMN total numeric` }],
    [word]: { [word]: word },
  }
  return {
    ...scene,
    options: { ...scene.options, title: word, labels: new Map(checks.map((check) => [check, word])) },
    results: scene.results.map((result) => ({ ...result, output: word, details })),
  }
}

export const withLogo = (): StatusPage => {
  const scene = scenes['all well']()
  return { ...scene, options: { ...scene.options, logoUrl: 'https://cdn.example/logo.svg' } }
}

/** The scene of the documents: labels, an outage now, and a past that is not all good. */
export function documented(): StatusPage {
  const ago = (days: number, hours: number) => ({
    from: now - days * dayMs,
    until: now - days * dayMs + hours * hourMs,
  })
  const scene = sceneOf({
    checks,
    troubles: [
      ...outage,
      { check: 'database', ...ago(41, 2), code: 'unreachable', output: 'database cannot be reached' },
      { check: 'migrations', ...ago(24, 9), code: 'drift', output: '2 differences from the migrations' },
      { check: 'celery', ...ago(63, 30), status: 'warn', code: 'backlog', output: 'messages wait' },
      { check: 'redis', ...ago(34, 20), isMaintenance: true },
      { check: 'redis', ...ago(80, 50), isGap: true },
    ],
  })
  const labels = [
    ['database', 'Orders and login'],
    ['migrations', 'Schema'],
    ['celery', 'E-mail and exports'],
    ['redis', 'Sessions'],
  ] as const
  return { ...scene, options: { ...scene.options, labels: new Map(labels) } }
}
