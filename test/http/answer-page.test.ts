/** The status page through the app: who sees what, and what a browser gets. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { AppOptions } from '../../src/http/app.ts'
import { appOf } from '../support/app-of.ts'
import { appOptions } from '../support/app-options.ts'
import { mixed } from './formats/reports.ts'
import { appThatKnows, token } from './known.ts'

const basic = (password: string, user = 'me') => `Basic ${btoa(`${user}:${password}`)}`

function setUp(more: Partial<AppOptions> = {}) {
  const { read, send } = appThatKnows('r7', more)
  return {
    read,
    async get(query = '', authorization?: string, method = 'GET') {
      const headers = authorization === undefined ? {} : { authorization }
      const response = await send(`status${query}`, { headers, method })
      return { status: response.status, headers: response.headers, text: await response.text() }
    },
  }
}

describe('the page', () => {
  it('is HTML that nobody may cache, made from what is known: no check is run', async () => {
    const app = setUp()
    const { status, headers, text } = await app.get()
    expect(status).toBe(200)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
    expect(text).toMatch(/^<!doctype html>/)
    expect(app.read).toEqual({ results: 1, history: 1 })
  })

  it('allows a browser its own style and images of data, no script, no form and no frame', async () => {
    const { headers, text } = await setUp().get()
    const style = /<style>(.*?)<\/style>/s.exec(text)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    )
    expect(text).not.toMatch(/<script|style="|\son\w+=/)
  })

  it('allows the origin of the logo, and nothing more of it', async () => {
    const logoUrl = 'https://cdn.example:8443/a/logo.svg?v=1&w=2'
    const { headers, text } = await setUp({
      statusPage: { title: 'Shop', labels: new Map(), logoUrl, language: 'en' },
    }).get()
    expect(headers.get('content-security-policy')).toContain('img-src data: https://cdn.example:8443;')
    expect(text).toContain('<img src="https://cdn.example:8443/a/logo.svg?v=1&amp;w=2" alt="">')
    expect(text).toContain('<h1>Shop</h1>')
  })

  it('is answered to HEAD without the body, and to no other method', async () => {
    const head = await setUp().get('', undefined, 'HEAD')
    expect([head.status, head.text, head.headers.get('content-type')]).toEqual([
      200,
      '',
      'text/html; charset=utf-8',
    ])
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      const { status, headers } = await setUp().get('', undefined, method)
      expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD'])
    }
  })

  it('leads to the feed, also with a slash behind its address', async () => {
    for (const end of ['', '/']) {
      const { text } = await setUp().get(`${end}?a=/`)
      const hrefs = [...text.matchAll(/href="([^"]*feed[^"]*)"/g)].map(([, href = '']) => href)
      const base = `https://health.example/health-check/status${end}`
      expect(hrefs.map((href) => new URL(href, base).pathname)).toEqual([
        '/health-check/feed.atom',
        '/health-check/feed.atom',
      ])
    }
  })

  it('turns a bug of our own into an error that says nothing', async () => {
    const { status, text } = await setUp({
      lastResults: () => Promise.reject(new Error('secret')),
      onBug() {},
    }).get()
    expect([status, JSON.parse(text).code]).toEqual([500, 'internal_error'])
    expect(text).not.toContain('secret')
  })
})

describe('the token', () => {
  const asksBrowser = 'Basic realm="health check"'

  it.each([
    ['as the password of any user', basic(token)],
    ['as the password without a user', basic(token, '')],
    ['as a Bearer token', `Bearer ${token}`],
    ['with the scheme in small letters', basic(token).replace('Basic', 'basic ')],
  ])('%s shows details', async (_, authorization) => {
    const { status, text } = await setUp().get('?details', authorization)
    expect(status).toBe(200)
    expect(text).toContain('server_version')
    expect(text).toContain('Release: r7')
  })

  it.each([
    ['another password', basic(`${token}x`)],
    ['the token as the user', basic('', token)],
    ['the token and more behind a colon', basic(`${token}:x`)],
    ['no base64', 'Basic %%%'],
    ['no colon', `Basic ${btoa('x')}`],
    ['another Bearer token', 'Bearer x'],
  ])('that is wrong (%s) is 401, and a browser asks again; nothing is read', async (_, authorization) => {
    const app = setUp()
    const { status, headers, text } = await app.get('', authorization)
    expect([status, headers.get('www-authenticate'), JSON.parse(text).code]).toEqual([
      401,
      asksBrowser,
      'unauthorized',
    ])
    expect(app.read).toEqual({ results: 0, history: 0 })
  })

  it('is asked for where ?details is requested without one', async () => {
    const { status, headers } = await setUp().get('?details')
    expect([status, headers.get('www-authenticate')]).toEqual([401, asksBrowser])
    expect((await setUp().get()).text).toContain('<a href="?details">Details</a>')
  })

  it('is not asked for when none is configured, and nobody gets details', async () => {
    const { status, text } = await setUp({ token: undefined }).get('?details', basic('undefined'))
    expect(status).toBe(200)
    expect(text).not.toMatch(/server_version|\?details/)
  })

  it('by HTTP Basic is a credential on this page alone', async () => {
    const app = appOf({ answering: appOptions({ token, lastResults: async () => mixed.results }) })
    const context = { arrivedAt: 0, hostname: 'here', waitUntil: () => {} }
    const headers = { authorization: basic('wrong') }
    const { status } = await app.request('/health-check/metrics', { headers }, context)
    expect(status).toBe(200)
  })
})

describe('HEALTH_PUBLIC', () => {
  it('status shows the sentence on top alone, and all with the token', async () => {
    const app = setUp({ visibility: 'status' })
    const { status, text } = await app.get()
    expect(status).toBe(200)
    expect(text).toContain('Something is not working.')
    expect(text).not.toMatch(/database|migrations|redis|drift|timeout/)
    expect(app.read).toEqual({ results: 1, history: 0 })
    expect((await app.get('', basic(token))).text).toContain('database')
  })

  it('none answers 401, so that a browser asks for the token', async () => {
    const app = setUp({ visibility: 'none' })
    const { status, headers } = await app.get()
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Basic realm="health check"'])
    expect(app.read).toEqual({ results: 0, history: 0 })
    expect((await app.get('', basic(token))).text).toContain('database')
  })

  it('results shows no detail', async () => {
    const { text } = await setUp().get()
    expect(text).toContain('1 difference from the migrations')
    expect(text).not.toMatch(/server_version|r7|runbook/)
  })
})
