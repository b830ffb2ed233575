import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { renderStatusPage } from '../../../src/http/status-page/status-page.ts'
import { resultOf } from '../formats/reports.ts'
import { accessibleText, withoutEqualDays } from './accessible-text.ts'
import { checks, largeScene, sceneOf, scenes } from './scenes.ts'
import { dayMs, hourMs, minuteMs, now } from './scripted-log.ts'

const textOf = (page: string) => withoutEqualDays(accessibleText(page))

describe('what the page says', () => {
  it.each(Object.entries(scenes))('when the state is: %s', (_, scene) => {
    expect(textOf(renderStatusPage(scene()))).toMatchSnapshot()
  })

  it('in German', () => {
    const scene = scenes['outage now']()
    const page = renderStatusPage({ ...scene, options: { ...scene.options, language: 'de' } })
    expect(page).toMatch(/^<!doctype html><html lang="de">/)
    expect(page).toContain('<span lang="en">no worker is subscribed</span>')
    expect(textOf(page)).toMatchSnapshot()
  })

  it('to those who may know the status alone', () => {
    const page = renderStatusPage({ ...scenes['outage now'](), history: undefined, seesChecks: false })
    expect(page).not.toMatch(/database|celery|redis|migrations|worker/)
    expect(textOf(page)).toMatchSnapshot()
  })

  it('to a reader with the token: details, findings with their fix, the next step, releases', () => {
    const scene = scenes['outage now']()
    const details = {
      next: 'The schema differs.',
      findings: [
        {
          severity: 'fail',
          difference: 'missing',
          kind: 'column',
          object: 'public.orders.total',
          expected: 'numeric',
          fix: 'ALTER TABLE orders ADD COLUMN total numeric',
        },
        'and 3 more',
      ],
      migrations: 7,
    }
    const drift = resultOf('migrations', 'fail', {
      code: 'drift',
      output: '4 differences',
      details,
      timestamp: now,
    })
    const results = scene.results.map((result) => (result.checker === 'migrations' ? drift : result))
    const page = { ...scene, results, isTrusted: true }
    expect(textOf(renderStatusPage(page))).toMatchSnapshot()
    expect(renderStatusPage({ ...page, isTrusted: false })).not.toMatch(/orders|4f2a91c|3c1f0de/)
  })
})

describe('what somebody is woken for comes first', () => {
  const sectionsOf = (page: string) =>
    [...page.matchAll(/<section><h3>.*?<\/svg>(\w+)<\/h3>/g)].map(([, check]) => check)

  it('of the checks what fails, then what is not known, then what warns', () => {
    const { results, ...scene } = scenes['outage now']()
    expect(sectionsOf(renderStatusPage({ ...scene, results }))).toEqual([
      'celery',
      'redis',
      'database',
      'migrations',
    ])
    const known = results.filter(({ checker }) => checker !== 'migrations')
    expect(sectionsOf(renderStatusPage({ ...scene, results: known }))[1]).toBe('migrations')
  })

  it('what to do is one link away, and said where the reader has the token', () => {
    const link = '(?details) What to do (needs the token)'
    const scene = scenes['outage now']()
    expect(textOf(renderStatusPage(scene))).toContain(link)
    expect(textOf(renderStatusPage({ ...scene, seesChecks: false }))).toContain(link)
    for (const other of [
      { ...scene, isTrusted: true },
      { ...scene, hasToken: false },
      scenes['all well'](),
    ]) {
      expect(renderStatusPage(other)).not.toContain('What to do')
    }
  })

  it('a maintenance that is open now is marked, and the next one is not', () => {
    const text = textOf(renderStatusPage(scenes.maintenance()))
    expect(text).toMatch(/until 22 Nov 2026, 11:21 UTC, now$/m)
    expect(text).toMatch(/until 29 Nov 2026, 12:21 UTC$/m)
  })
})

describe('what is not known is not shown as good', () => {
  it('a result that is older than two runs counts as no data, with what was known last', () => {
    const { results, ...scene } = scenes['all well']()
    const old = results.map((result) => ({
      ...result,
      timestamp: now - 31 * minuteMs,
      expires: now - hourMs,
    }))
    const text = textOf(renderStatusPage({ ...scene, results: old }))
    expect(text).toContain('No data since 22 Nov 2026, 09:50 UTC. Last known: Working.')
    expect(text).not.toContain('Everything is working')
    const notExpired = old.map((result) => ({ ...result, expires: now + 1 }))
    expect(textOf(renderStatusPage({ ...scene, results: notExpired }))).toContain('Everything is working')
  })

  it('an incident whose check was not asked for long lasts as long as is known', () => {
    const { results, ...scene } = scenes['outage now']()
    const incidentOf = (text: string) =>
      /22 Nov 2026, 09:15 UTC, .*$/m.exec(text.split('\nIncidents\n')[1] ?? '')?.[0]
    const later = { ...scene, results, now: now + 5 * hourMs }
    expect(incidentOf(textOf(renderStatusPage({ ...scene, results })))).toBe(
      '22 Nov 2026, 09:15 UTC, 1 h 6 min, not over',
    )
    expect(incidentOf(textOf(renderStatusPage(later)))).toBe(
      '22 Nov 2026, 09:15 UTC, 1 h, No data since 22 Nov 2026, 10:15 UTC',
    )
  })

  it('a check without a result is named', () => {
    const { results, ...scene } = scenes['all well']()
    const text = textOf(renderStatusPage({ ...scene, results: results.slice(0, 3) }))
    expect(text).toMatch(/^No data: redis\.\nWorking: database, migrations, celery\.$/m)
  })

  it('a history that was read before is shown with its time while the store cannot be read', () => {
    const scene = scenes['one bad day']()
    const history = scene.history && { ...scene.history, readAt: now - 2 * hourMs, isOld: true as const }
    const text = textOf(renderStatusPage({ ...scene, results: [], history }))
    expect(text).toContain('The history cannot be read now. Last known: 22 Nov 2026, 08:21 UTC (2 h ago).')
    expect(text).toContain('45 min bad')
    expect(text).not.toContain('Everything is working')
  })

  it('nothing is said of the past where no history is kept', () => {
    const text = textOf(renderStatusPage({ ...scenes['store away'](), hasStore: false }))
    expect(text).toContain('No history is kept here.')
  })
})

const expectedTags = [
  ...[
    'a',
    'b',
    'details',
    'div',
    'figcaption',
    'figure',
    'footer',
    'h1',
    'h2',
    'h3',
    'header',
    'html',
    'i',
    'img',
    'li',
  ],
  ...[
    'link',
    'main',
    'meta',
    'ol',
    'p',
    'path',
    'pre',
    'section',
    'small',
    'span',
    'summary',
    'svg',
    'time',
    'title',
    'ul',
  ],
  'use',
]

const expectedAttributes = [
  ...[
    'alt',
    'aria-hidden',
    'aria-label',
    'charset',
    'class',
    'content',
    'd',
    'datetime',
    'hidden',
    'href',
    'id',
    'lang',
  ],
  ...['name', 'preserveAspectRatio', 'rel', 'role', 'src', 'type', 'viewBox'],
]

describe('nothing that is written on the page can become a part of it', () => {
  const hostile = "\"><script>alert(1)</script><img src=x onerror='x'>&amp;"
  const scene = sceneOf(
    {
      checks,
      troubles: [
        { check: 'redis', from: now - dayMs, until: now - dayMs + hourMs, output: hostile, code: hostile },
      ],
    },
    {
      hostname: hostile,
      release: hostile,
      isTrusted: true,
      options: {
        title: hostile,
        labels: new Map(checks.map((check) => [check, hostile])),
        logoUrl: `https://logo.example/${hostile}`,
        language: 'de',
      },
    },
  )
  const results = scene.results.map((result) => ({
    ...result,
    status: 'fail' as const,
    code: hostile,
    output: hostile,
    details: {
      [hostile]: hostile,
      next: hostile,
      findings: [{ object: hostile, [hostile]: hostile }, hostile],
    },
  }))
  const page = renderStatusPage({ ...scene, results })

  it('neither by a label, a title, a logo, an output, a code, a hostname, a release nor by details', () => {
    const tags = page.replace(/<style>.*?<\/style>/s, '').match(/<[a-z][^>]*>/gi) ?? []
    const names = new Set(tags.map((tag) => /^<(\w+)/.exec(tag)?.[1]))
    expect([...names].toSorted()).toEqual(expectedTags)
    const attributes = new Set(
      tags.flatMap((tag) =>
        tag
          .replaceAll(/="[^"]*"/g, '')
          .replace(/\/?>$/, '')
          .split(/\s+/)
          .slice(1),
      ),
    )
    expect([...attributes].toSorted()).toEqual(expectedAttributes)
    expect(page.split('&lt;script&gt;').length).toBeGreaterThan(20)
    expect(page.match(/<img/g)).toHaveLength(1)
  })

  it('and no script stands on it', () => {
    expect(page).not.toMatch(/<script|javascript:/i)
  })
})

it('the page with 90 days, 6 checks and 20 incidents is at most 30 kB, and 3.5 kB with gzip', () => {
  const page = renderStatusPage(largeScene())
  expect(page.match(/<li id=/g)).toHaveLength(20)
  expect(page.match(/<ol class="b"/g)).toHaveLength(6)
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(30_000)
  expect(gzipSync(page).length).toBeLessThanOrEqual(3500)
})
