/** What a caller reads who gets no answer, and what is asked for those who get one. */
import { describe, expect, it } from 'vitest'
import type { AppOptions, ResultsRequest } from '../../src/http/app.ts'
import { knownNow } from '../../src/http/known-now.ts'
import { appOf } from '../support/app-of.ts'
import { appOptions } from '../support/app-options.ts'
import { eventful } from './formats/histories.ts'
import { mixed } from './formats/reports.ts'

const token = 'a-token-of-the-tests'
const secret = 'a-secret-of-oh-dear'
const wrong = { authorization: 'Bearer wrong' }
const right = { authorization: `Bearer ${token}` }

function setUp(more: Partial<AppOptions> = {}) {
  const asked: ResultsRequest[] = []
  const answering = appOptions({
    checkers: ['database', 'migrations', 'redis'],
    token,
    results: async () => mixed.results,
    async lastResults(_names, request) {
      asked.push(request)
      return mixed.results
    },
    async history(request) {
      asked.push(request)
      return eventful
    },
    onBug() {},
    ...more,
  })
  const context = { arrivedAt: 1000, hostname: 'here', release: undefined, waitUntil: () => {} }
  const app = appOf({ answering })
  return {
    asked,
    send: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      app.request(`https://health.example${path}`, { method, headers }, context),
  }
}

describe('a refusal says why', () => {
  const broken = { results: () => Promise.reject(new Error('x')) }
  const empty = { lastResults: async () => [] }

  it.each<
    [path: string, more: Partial<AppOptions>, headers: Record<string, string>, status: number, error: string]
  >([
    ['/health-check', {}, wrong, 401, 'the token is wrong'],
    ['/health-check?fresh', {}, {}, 401, 'fresh needs the token'],
    ['/health-check', { visibility: 'none' }, {}, 401, 'the answer needs the token'],
    [
      '/health-check?format=ohdear',
      { ohDearSecret: secret },
      {},
      401,
      'this format needs the secret of Oh Dear',
    ],
    ['/health-check?format=nosuch', {}, {}, 406, 'there is no such format'],
    ['/health-check/metrics', {}, wrong, 401, 'the token is wrong'],
    ['/health-check/metrics', { visibility: 'none' }, {}, 401, 'the answer needs the token'],
    ['/health-check/history.json', { visibility: 'status' }, {}, 401, 'the history needs the token'],
    [
      '/health-check/history.json',
      { history: undefined },
      {},
      404,
      'there is no history without HEALTH_STORE=redis',
    ],
    [
      '/health-check/status.json',
      empty,
      {},
      503,
      'nothing is known now: no result, or no history, can be read',
    ],
    ['/health-check/status', {}, wrong, 401, 'the token is wrong'],
    ['/health-check/status', { visibility: 'none' }, {}, 401, 'this page needs the token'],
    ['/health-check/li/ve', {}, {}, 404, 'the health check is at /health-check'],
    ['/health-check', broken, {}, 500, 'the health check itself is broken'],
  ])('at %s with %j', async (path, more, headers, status, error) => {
    const response = await setUp(more).send(path, headers)
    expect([response.status, (await response.json()).error]).toEqual([status, error])
  })

  it('of a method', async () => {
    const response = await setUp().send('/health-check', {}, 'POST')
    expect((await response.json()).error).toBe('only GET and HEAD are answered here')
  })

  it('of a format names those that there are', async () => {
    const { formats } = await (await setUp().send('/health-check?format=nosuch')).json()
    expect(formats).toEqual(['health+json', 'ohdear', 'text'])
  })
})

describe('who may see', () => {
  it.each(['/health-check', '/health-check/metrics', '/health-check/history.json'])(
    'nothing in public sees %s with the token',
    async (path) => {
      const { status } = await setUp({ visibility: 'none', failedStatus: 200 }).send(path, right)
      expect(status).toBe(200)
    },
  )

  it('other forms than that of Oh Dear needs no secret of it', async () => {
    const { send } = setUp({ ohDearSecret: secret, failedStatus: 200 })
    expect((await send('/health-check?format=text')).status).toBe(200)
    expect(
      (await send('/health-check?format=ohdear', { 'oh-dear-health-check-secret': secret })).status,
    ).toBe(200)
  })

  it('only whether all is well sees metrics and a badge', async () => {
    for (const name of ['metrics', 'badge.json']) {
      expect((await setUp({ visibility: 'status' }).send(`/health-check/${name}`)).status).toBe(200)
    }
  })

  it.each(['Digest bearer', 'x bearer'])('shows no token with the scheme %s', async (scheme) => {
    const { status } = await setUp().send('/health-check/metrics', { authorization: `${scheme} wrong` })
    expect(status).toBe(200)
  })

  it('shows no password with a scheme that only ends like Basic', async () => {
    const authorization = `Digest basic ${btoa(`me:${token}`)}`
    expect((await setUp().send('/health-check/status?details', { authorization })).status).toBe(401)
  })
})

describe('what is only shown', () => {
  it.each([
    ['metrics', 1],
    ['history.json', 1],
    ['status.json', 2],
    ['status', 2],
  ])('by %s is not asked afresh, and is read within the deadline', async (name, reads) => {
    const { send, asked } = setUp()
    expect((await send(`/health-check/${name}?fresh`)).status).toBe(200)
    expect(asked).toHaveLength(reads)
    for (const request of asked) {
      expect(request).toMatchObject({ fresh: false, deadlineAt: 4500, hostname: 'here' })
    }
  })

  it.each(['status.json', 'status', 'metrics'])('by %s needs no store', async (name) => {
    expect((await setUp({ history: undefined }).send(`/health-check/${name}`)).status).toBe(200)
  })

  it('says where there is no store, on the page', async () => {
    const pageOf = async (more: Partial<AppOptions>) =>
      (await setUp(more).send('/health-check/status')).text()
    expect(await pageOf({ history: undefined })).toContain('No history is kept')
    expect(await pageOf({})).not.toContain('No history is kept')
    expect(await pageOf({ history: async () => undefined })).not.toContain('No history is kept')
  })

  it('is not known where there are no checks', () => {
    expect(knownNow([], [], 0).isEnough).toBe(false)
  })
})

it('/live says that all is well', async () => {
  expect((await (await setUp().send('/health-check/live')).json()).status).toBe('success')
})
