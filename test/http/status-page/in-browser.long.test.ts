/** The status page as a browser shows it: to everybody, in every scheme, size and state. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withoutEqualDays } from './accessible-text.ts'
import { type StatusPages, startStatusPages, token } from './browser.ts'
import { differencesOf, paintedBars, picturePath, scenePicture } from './pictures.ts'
import { largeScene, longWords, scenes, withLogo } from './scenes.ts'

const all = { ...scenes, large: largeScene, 'long words': longWords, 'with logo': withLogo }
type Scene = keyof typeof all

let pages: StatusPages
beforeAll(async () => {
  pages = await startStatusPages(all)
})
afterAll(() => pages?.close())

const open = <T>(
  scene: Scene,
  options: BrowserContextOptions,
  use: (page: Page) => Promise<T>,
  query?: string,
) => pages.open(scene, options, use, query)

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Evaluates an expression of the browser's own JavaScript there; the types of these sources are those of a Worker. */
const inPage = <T>(page: Page, expression: string): Promise<T> => page.evaluate<T>(expression)

/** What axe-core holds against the page: rule and element. */
async function violationsOf(page: Page): Promise<string[]> {
  await inPage(page, axe)
  const { passed, violations } = await inPage<{ passed: number; violations: string[] }>(
    page,
    `axe.run().then(({ passes, violations }) => ({
      passed: passes.length,
      violations: violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))),
    }))`,
  )
  expect(passed).toBeGreaterThan(15)
  return violations
}

const schemes: readonly (readonly [string, BrowserContextOptions])[] = [
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['forced colours', { forcedColors: 'active' }],
]

describe.each(schemes)('in %s', (_, scheme) => {
  it.each(Object.keys(scenes) as (keyof typeof scenes)[])('axe-core finds nothing: %s', async (scene) => {
    expect(await open(scene, scheme, violationsOf)).toEqual([])
    const withToken = { ...scheme, httpCredentials: { username: 'me', password: token } }
    expect(await open(scene, withToken, violationsOf, '?details')).toEqual([])
  })

  it('every state of a day has a shape of its own', async () => {
    const looks = await open('outage now', scheme, (page) =>
      inPage<string[]>(
        page,
        `[...document.querySelectorAll('.k b')].map((bar) => {
          const { backgroundImage, backgroundColor } = getComputedStyle(bar)
          return backgroundImage === 'none' ? backgroundColor : backgroundImage.replace(/rgb\\([^)]*\\)/g, '')
        })`,
      ),
    )
    expect(new Set(looks).size).toBe(5)
    expect(looks.filter((look) => /rgba\(0, 0, 0, 0\)$/.test(look))).toEqual([])
  })
})

interface Stop {
  readonly href: string
  readonly text: string
  readonly isOutlined: boolean
}

/** Each element that the tab key reaches, in order. */
async function tour(page: Page) {
  const stops: Stop[] = []
  for (let step = 0; step < 200; step += 1) {
    await page.keyboard.press('Tab')
    const stop = await inPage<Stop | null>(
      page,
      `(() => {
        const focused = document.activeElement
        if (focused === document.body) return null
        const { outlineStyle, outlineWidth } = getComputedStyle(focused)
        return {
          href: focused.getAttribute('href') ?? focused.tagName,
          text: focused.textContent.trim(),
          isOutlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
        }
      })()`,
    )
    if (!stop) return stops
    stops.push(stop)
  }
  throw new Error('the tab key is caught')
}

describe('with the keyboard alone', () => {
  it('every bad day, every incident and every link is reached, in the order of the page, and seen', async () => {
    await open('large', {}, async (page) => {
      const hrefs = await page.$$eval('a', (links) => links.map((link) => link.getAttribute('href')))
      const bad = await page.$$eval('.b .f', (days) => days.map((day) => day.textContent))
      const stops = await tour(page)
      expect(stops.map(({ href }) => href)).toEqual(hrefs)
      expect(stops.filter(({ text }) => bad.includes(text))).toHaveLength(bad.length)
      expect(bad.length).toBeGreaterThanOrEqual(20)
      expect(stops.filter(({ isOutlined }) => !isOutlined)).toEqual([])
      expect(stops[0]).toMatchObject({ href: '#main' })
    })
  })

  it('a bad day leads to its incident, and its text is seen', async () => {
    await open('one bad day', {}, async (page) => {
      const day = page.locator('.b a').first()
      await day.focus()
      await expect
        .poll(() => inPage(page, "getComputedStyle(document.querySelector('.b a i')).opacity"))
        .toBe('1')
      await page.keyboard.press('Enter')
      const id = new URL(page.url()).hash
      expect(id).toMatch(/^#database-/)
      const target = page.locator(`li${id}`)
      expect(await target.textContent()).toContain('database did not answer in time')
      expect(
        await inPage(page, "document.querySelector(':target').getBoundingClientRect().top"),
      ).toBeLessThan(900)
      await page.keyboard.press('Tab')
      expect(await inPage(page, "document.activeElement.getAttribute('href')")).toBe(id)
    })
  })

  it('the skip link leads to the checks', async () => {
    await open('all well', {}, async (page) => {
      await page.keyboard.press('Tab')
      const box = await page.locator('.j').boundingBox()
      expect(box?.x).toBeGreaterThanOrEqual(0)
      await page.keyboard.press('Enter')
      expect(new URL(page.url()).hash).toBe('#main')
    })
  })
})

describe('what a screen reader reads', () => {
  const snapshotOf = (page: Page) => page.locator('html').ariaSnapshot()
  /** Items of days that say the same are one. */
  const short = (snapshot: string) => {
    const days = snapshot.replaceAll(/^\s*- listitem: (\d+ \w+: .*)$/gm, '$1')
    return withoutEqualDays(days)
  }

  it.each(['one bad day', 'outage now', 'store away'] as const)('when the state is: %s', async (scene) => {
    expect(short(await open(scene, {}, snapshotOf))).toMatchSnapshot()
  })

  it('is the same without JavaScript', async () => {
    const [on, off] = [true, false].map((javaScriptEnabled) =>
      open('outage now', { javaScriptEnabled }, async (page) => [
        await snapshotOf(page),
        await page.content(),
      ]),
    )
    expect(await off).toEqual(await on)
  })

  it('has one heading of the first level, and landmarks', async () => {
    await open('large', {}, async (page) => {
      const levels = await page.$$eval('h1,h2,h3,h4', (headings) =>
        headings.map(({ tagName }) => Number(tagName[1])),
      )
      expect(levels[0]).toBe(1)
      expect(levels.filter((level) => level === 1)).toHaveLength(1)
      for (const [index, level] of levels.entries())
        expect(level - (levels[index - 1] ?? 1)).toBeLessThanOrEqual(1)
      for (const role of ['banner', 'main', 'contentinfo'] as const) {
        expect(await page.getByRole(role).count(), role).toBe(1)
      }
    })
  })
})

describe.each<[string, BrowserContextOptions]>([
  ['320 px wide', { viewport: { width: 320, height: 640 } }],
  ['at 400 % zoom', { viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }],
])('%s', (_, size) => {
  it.each(['large', 'long words'] as const)(
    'nothing is cut, and nothing scrolls sideways: %s',
    async (scene) => {
      const credentials = { ...size, httpCredentials: { username: 'me', password: token } }
      await open(
        scene,
        credentials,
        async (page) => {
          for (const summary of await page.locator('summary').all()) await summary.click()
          const { scrollWidth: scroll, clientWidth: width } = await inPage<Record<string, number>>(
            page,
            '(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))(document.documentElement)',
          )
          expect(scroll).toBeLessThanOrEqual(width ?? 0)
          const bars = await page.$$eval('.b li', (days) =>
            days.map((day) => day.getBoundingClientRect().width),
          )
          expect(Math.min(...bars)).toBeGreaterThan(7)
        },
        '?details',
      )
    },
  )
})

describe('a browser', () => {
  it('sends one request, complains of nothing, and shifts nothing', async () => {
    const context = await pages.browser.newContext()
    try {
      const page = await context.newPage()
      const requests: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => requests.push(request.url()))
      page.on('console', (message) => complaints.push(message.text()))
      await page.goto(pages.urlOf('outage now'), { waitUntil: 'networkidle' })
      expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([pages.urlOf('outage now')])
      expect(complaints).toEqual([])
      const shifts = await inPage<number>(
        page,
        `new Promise((resolve) => {
          const observer = new PerformanceObserver((list) => resolve(list.getEntries().length))
          observer.observe({ type: 'layout-shift', buffered: true })
          setTimeout(() => resolve(0), 300)
        })`,
      )
      expect(shifts).toBe(0)
    } finally {
      await context.close()
    }
  })

  it('loads the logo beside it, and keeps its place', async () => {
    const context = await pages.browser.newContext()
    try {
      const page = await context.newPage()
      const requests: string[] = []
      await context.route('https://cdn.example/**', async (route) => {
        requests.push(route.request().url())
        await route.fulfill({
          contentType: 'image/svg+xml',
          body: '<svg xmlns="http://www.w3.org/2000/svg" width="900" height="900"/>',
        })
      })
      await page.goto(pages.urlOf('with logo'), { waitUntil: 'networkidle' })
      expect(requests).toEqual(['https://cdn.example/logo.svg'])
      expect(await page.locator('img').boundingBox()).toMatchObject({ width: 32, height: 32 })
      expect(await inPage(page, "document.querySelector('img').naturalWidth")).toBe(900)
    } finally {
      await context.close()
    }
  })

  it('asks for the token where its user wants details, and then shows them', async () => {
    const context = await pages.browser.newContext({ httpCredentials: { username: 'me', password: token } })
    try {
      const page = await context.newPage()
      await page.goto(pages.urlOf('outage now'))
      await page.getByRole('link', { name: 'Details' }).click()
      await expect.poll(() => page.locator('footer').textContent()).toContain('Release: 4f2a91c')
      expect(await page.getByRole('link', { name: /^Runbook: no_workers/ }).count()).toBe(2)
    } finally {
      await context.close()
    }
    const { status } = await fetch(`${pages.urlOf('outage now')}?details`)
    expect(status).toBe(401)
  })

  it('does not show it in a frame', async () => {
    const context = await pages.browser.newContext()
    try {
      const page = await context.newPage()
      const blocked = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()))
      await page.setContent(`<iframe src="${pages.urlOf('all well')}"></iframe>`)
      await blocked
      expect(await page.frames()[1]?.content()).not.toContain('Everything is working')
    } finally {
      await context.close()
    }
  })

  it('shows on the first screen of a phone what is broken, since when, and what to do', async () => {
    const phone = { viewport: { width: 360, height: 640 } }
    const withToken = { ...phone, httpCredentials: { username: 'me', password: token } }
    const seen = async (page: Page, text: string | RegExp) => {
      const box = await page.getByText(text).first().boundingBox()
      return box !== null && box.y + box.height < 640
    }
    await open('outage now', phone, async (page) => {
      expect(await seen(page, /Not working: celery since 22 Nov 2026, 09:15 UTC \(1 h 6 min\)/)).toBe(true)
      expect(await seen(page, 'no worker is subscribed')).toBe(true)
      expect(await seen(page, 'What to do')).toBe(true)
      expect(await seen(page, 'Incidents')).toBe(false)
    })
    await open(
      'outage now',
      withToken,
      async (page) => expect(await seen(page, 'celery -A <app> status')).toBe(true),
      '?details',
    )
  })

  it('prints the bars', async () => {
    await open('outage now', {}, async (page) => {
      await page.emulateMedia({ media: 'print' })
      const adjust = await inPage(page, "getComputedStyle(document.querySelector('.b li')).printColorAdjust")
      expect(adjust).toBe('exact')
      expect((await page.pdf()).length).toBeGreaterThan(5000)
    })
  })
})

/** Another version of a font moves and shades letters less than this. */
const tolerance = 0.03

describe('the picture of the state', () => {
  const names = Object.keys(scenes) as (keyof typeof scenes)[]

  it.each(names)('%s is the one that was looked at', async (scene) => {
    // Of a state that looks entirely different the picture is different: the comparison sees something.
    const other = scene === 'no data' ? 'outage now' : 'no data'
    const looked = [scene, other].map((each) => readFileSync(picturePath(each)))
    const [same = 1, different = 0] = await differencesOf(
      pages.browser,
      await scenePicture(pages, scene),
      looked,
    )
    expect(same).toBeLessThan(tolerance)
    expect(different).toBeGreaterThan(tolerance)
  })

  it.each(['one bad day', 'outage now', 'maintenance', 'no data'] as const)(
    '%s has the bars that its days should have',
    async (scene) => {
      expect(await paintedBars(pages, scene)).toMatchSnapshot()
    },
  )
})
