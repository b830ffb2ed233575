/** Bars and percentages, beside a program that reads the raw log of runs by itself. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Observation } from '../../../src/history/observation.ts'
import { renderStatusPage } from '../../../src/http/status-page/status-page.ts'
import { checks, sceneOf } from './scenes.ts'
import { dayMs, hourMs, minuteMs, now, scriptedLog, type Trouble } from './scripted-log.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'June', 'July', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec']
const dateOf = (at: number) => `${new Date(at).getUTCDate()} ${months[new Date(at).getUTCMonth()]}`

function durationOf(seconds: number): string {
  const units = [
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'min'],
    [1, 's'],
  ] as const
  const at = units.findIndex(([size]) => seconds >= size)
  const [[large, name] = [1, 's'], [small, smallName] = [1, 's']] = units.slice(at < 0 ? 3 : at)
  const rest = Math.floor((seconds % large) / small)
  const first = `${Math.floor(seconds / large)} ${name}`
  return name === 'min' || name === 's' || rest === 0 ? first : `${first} ${rest} ${smallName}`
}

const percentOf = (good: number, known: number) =>
  good === known ? '100 %' : `${(Math.floor((good / known) * 10_000) / 100).toFixed(2)} %`

/** Seconds of one state between two moments: what a run said holds until the next one, if that is at most 30 minutes later. */
function secondsOf(log: readonly Observation[], said: string, from: number, until: number): number {
  return log.slice(0, -1).reduce((sum, { at, status, isMaintenance }, index) => {
    const next = log[index + 1]?.at ?? at
    const name = isMaintenance ? 'maintenance' : status
    if (name !== said || next - at > 30 * minuteMs) return sum
    const begin = Math.max(Math.floor(at / 1000), from / 1000)
    const end = Math.min(Math.floor(next / 1000), until / 1000)
    return sum + Math.max(0, end - begin)
  }, 0)
}

/** What the bar of one day has to say. */
function barOf(log: readonly Observation[], from: number): string {
  const [pass, warn, fail, maintenance] = ['pass', 'warn', 'fail', 'maintenance'].map((said) =>
    secondsOf(log, said, from, from + dayMs),
  ) as [number, number, number, number]
  const known = pass + warn + fail + maintenance
  if (known === 0) return 'none: No data'
  const judged = pass + warn + fail
  const percent = judged > 0 ? percentOf(pass + warn, judged) : ''
  const isPartly = known < Math.min(dayMs, now - from) / 2000
  const parts = [
    percent && isPartly ? `${percent} of ${durationOf(known)}` : percent,
    fail > 0 ? `${durationOf(fail)} bad` : '',
    warn > 0 ? `${durationOf(warn)} with a warning` : '',
    maintenance > 0 ? `${durationOf(maintenance)} maintenance` : '',
  ]
  const state =
    fail > 0 ? 'fail' : isPartly ? 'none' : warn > 0 ? 'warn' : maintenance > 0 ? 'maintenance' : 'pass'
  return `${state}: ${parts.filter((part) => part !== '').join(', ')}`
}

const stateNames: Record<string, string> = { p: 'pass', w: 'warn', f: 'fail', n: 'none', m: 'maintenance' }

/** What stands on the page for each check. */
function readBars(page: string): Record<string, { bars: string[]; text: string }> {
  const lists = [...page.matchAll(/<ol class="b"[^>]*aria-label="(\w+)">(.*?)<\/ol><small>(.*?)<\/small>/gs)]
  return Object.fromEntries(
    lists.map(([, check, items = '', text = '']) => [
      check,
      {
        text,
        bars: [...items.matchAll(/<li(?: class="(\w)")?>(?:<a [^>]*>)?<i>(.*?): (.*?)<\/i>/g)].map(
          ([, name = 'p', date, said]) => `${date} ${stateNames[name]}: ${said}`,
        ),
      },
    ]),
  )
}

const today = Math.floor(now / dayMs) * dayMs

function compare(troubles: readonly Trouble[], days = 90) {
  const options = { checks, troubles, days }
  const shown = readBars(renderStatusPage(sceneOf(options)))
  const log = scriptedLog(options)
  for (const check of checks) {
    const own = log.filter((each) => each.check === check).toSorted((a, b) => a.at - b.at)
    const dates = Array.from({ length: 90 }, (_, index) => today - (89 - index) * dayMs)
    expect(shown[check]?.bars, check).toEqual(dates.map((from) => `${dateOf(from)} ${barOf(own, from)}`))
    const [good, bad] = [['pass', 'warn'], ['fail']].map((group) =>
      group.reduce((sum, said) => sum + secondsOf(own, said, today - 89 * dayMs, today + dayMs), 0),
    ) as [number, number]
    const uptime = good + bad > 0 ? `${percentOf(good, good + bad)} of the known time` : 'No data'
    expect(shown[check]?.text).toBe(`${dateOf(today - 89 * dayMs)} to today: ${uptime}`)
  }
}

describe('the bars are those of the raw log of runs', () => {
  it('with an outage over midnight, a warning, a maintenance, gaps and a bad day of which little is known', () => {
    compare([
      { check: 'database', from: today - 5 * dayMs - hourMs, until: today - 5 * dayMs + 2 * hourMs },
      { check: 'redis', from: today - 9 * dayMs, until: today - 8 * dayMs, status: 'warn', code: 'slow' },
      { check: 'celery', from: today - 20 * dayMs, until: today - 17 * dayMs, isGap: true },
      { check: 'celery', from: today - 7 * dayMs, until: today - 7 * dayMs + 13 * hourMs, isGap: true },
      { check: 'celery', from: today - 7 * dayMs + 13 * hourMs, until: today - 7 * dayMs + 14 * hourMs },
      { check: 'migrations', from: today - 2 * dayMs, until: today - dayMs, isMaintenance: true },
      { check: 'migrations', from: today + hourMs, until: now + hourMs },
    ])
  })

  it('with a history that has just begun', () => compare([], 0.25))

  it('with any troubles', () => {
    const trouble = fc
      .record({
        check: fc.constantFrom(...checks),
        minutesAgo: fc.integer({ min: 0, max: 92 * 1440 }),
        minutes: fc.integer({ min: 1, max: 3000 }),
        kind: fc.constantFrom('fail', 'warn', 'maintenance', 'gap'),
      })
      .map(({ check, minutesAgo, minutes, kind }): Trouble => {
        const from = now - minutesAgo * minuteMs
        const common = { check, from, until: from + minutes * minuteMs }
        if (kind === 'gap') return { ...common, isGap: true }
        if (kind === 'maintenance') return { ...common, isMaintenance: true }
        return kind === 'warn' ? { ...common, status: 'warn', code: 'slow' } : common
      })
    fc.assert(
      fc.property(fc.array(trouble, { maxLength: 12 }), (troubles) => compare(troubles)),
      { numRuns: 8 },
    )
  })
})

it('a bad day whose incident is no longer on the page is bad, and leads nowhere', () => {
  const scene = sceneOf({
    checks,
    troubles: Array.from({ length: 110 }, (_, index) => ({
      check: checks[index % checks.length] ?? 'redis',
      from: today - index * 18 * hourMs - hourMs,
      until: today - index * 18 * hourMs,
    })),
  })
  const page = renderStatusPage(scene)
  const ids = new Set([...page.matchAll(/<li id="([^"]+)">/g)].map(([, id]) => id))
  expect(ids.size).toBe(100)
  const links = [...page.matchAll(/<li class="f"><a href="#([^"]+)">/g)].map(([, id]) => id)
  expect(links.length).toBeGreaterThan(50)
  expect(links.filter((id) => !ids.has(id))).toEqual([])
  expect(page).toMatch(/<li class="f"><i>/)
})

it('a bad day leads to its incident, and every incident is there', () => {
  const page = renderStatusPage(
    sceneOf({
      checks,
      troubles: [3, 30, 60].map((ago) => ({
        check: 'redis',
        from: today - ago * dayMs - hourMs,
        until: today - ago * dayMs + hourMs,
      })),
    }),
  )
  const bad = [...page.matchAll(/<li class="f">(?:<a href="#([^"]+)">)?/g)].map(([, id]) => id)
  const ids = [...page.matchAll(/<li id="([^"]+)">/g)].map(([, id]) => id)
  expect(ids).toHaveLength(3)
  // Each over midnight: two days, one incident.
  expect(bad).toEqual([...ids].toReversed().flatMap((id) => [id, id]))
})
