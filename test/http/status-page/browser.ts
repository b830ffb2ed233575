/**
 * The status page in Debian's Chromium: real requests to the real app, with what is known scripted.
 * @module
 */
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { createApp } from '../../../src/http/app.ts'
import type { StatusPage } from '../../../src/http/status-page/page.ts'
import { findChromium } from '../../servers/requirements.ts'
import { appOptions } from '../../support/app-options.ts'
import { fakeClock } from '../../support/fake-clock.ts'

export const token = 'a-token-of-the-tests'

/** One Chromium, and an app for each scene. */
export interface StatusPages {
  readonly browser: Browser
  urlOf(scene: string): string
  /** Opens a scene in a context of its own, does something there, and closes it. */
  open<T>(
    scene: string,
    options: BrowserContextOptions,
    use: (page: Page) => Promise<T>,
    query?: string,
  ): Promise<T>
  close(): Promise<void>
}

export async function startStatusPages(
  scenes: Readonly<Record<string, () => StatusPage>>,
): Promise<StatusPages> {
  const app = new Hono()
  for (const [name, make] of Object.entries(scenes)) app.route(`/${slug(name)}`, appOfScene(make()))
  const browser = await chromium.launch({ executablePath: findChromium() })
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const urlOf = (scene: string) => `http://127.0.0.1:${port}/${slug(scene)}/health-check/status`
  return {
    browser,
    urlOf,
    async open(scene, options, use, query = '') {
      const context = await browser.newContext({ viewport: { width: 900, height: 900 }, ...options })
      try {
        const page = await context.newPage()
        await page.goto(urlOf(scene) + query)
        return await use(page)
      } finally {
        await context.close()
      }
    },
    async close() {
      await browser.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

const slug = (name: string) => name.replaceAll(' ', '-')

function appOfScene(scene: StatusPage) {
  const { hostname, release, options, checkers, results, history, hasStore, maintenance, now } = scene
  const answering = appOptions({
    clock: fakeClock(now),
    checkers,
    token,
    statusPage: options,
    lastResults: async () => results,
    history: hasStore ? async () => history : undefined,
    maintenance: () => maintenance,
  })
  const context = { arrivedAt: now, hostname, release, waitUntil() {} }
  return createApp(() => ({ options: answering, context }))
}
