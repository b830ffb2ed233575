import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type ProviderCheckOptions, providerCheck } from '../../../src/checks/ready/provider.ts'
import type { Outcome } from '../../../src/core/check.ts'
import { createHealthCheck } from '../../../src/index.ts'
import { serve } from '../../support/http.ts'

const realTimeout = AbortSignal.timeout.bind(AbortSignal)
beforeEach(() => {
  // A page has 800 ms, in which a server on a busy machine may not have answered.
  vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => realTimeout(ms * 20))
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const works: Outcome = { status: 'pass', code: 'ok', output: 'shop ok' }
const fails: Outcome = { status: 'fail', code: 'unreachable', output: 'shop cannot be reached' }

/** A status page that counts how often it is asked. */
async function statusPage(body: unknown, status = 200) {
  const page = { body, status, asked: 0 }
  const url = await serve((_request, response) => {
    page.asked += 1
    response.writeHead(page.status).end(JSON.stringify(page.body))
  })
  return Object.assign(page, { url: url as ProviderCheckOptions['page'] })
}

const incident = { id: 'x', name: 'Elevated error rates', impact: 'major' }
const check = (page: ProviderCheckOptions['page']) => {
  const { run } = providerCheck({ name: 'neon', page, of: 'shop' })
  return async (own: Outcome | undefined | Promise<Outcome>, timeoutMs = 2500) =>
    run({ signal: AbortSignal.timeout(timeoutMs), timeoutMs, outcomeOf: async () => own })
}

describe('providerCheck', () => {
  it.each([
    ['works', works],
    ['only warns', { ...works, status: 'warn' as const }],
    ['is not known', undefined],
  ])('asks nobody while the other check %s', async (_, own) => {
    const page = await statusPage({ incidents: [incident] })
    expect(await check(page.url)(own)).toEqual({ status: 'pass', code: 'ok', output: 'neon was not asked' })
    expect(page.asked).toBe(0)
  })

  it.each([
    ['Statuspage', { page: {}, incidents: [incident] }],
    ['incident.io', { page_title: 'AWS', ongoing_incidents: [incident], scheduled_maintenances: [] }],
    [
      'incident.io with pages below it',
      { subpages: [{ summary: { ongoing_incidents: [] } }, { summary: { ongoing_incidents: [incident] } }] },
    ],
  ])('warns of the open incidents of %s while it fails, and asks once for each', async (_, body) => {
    const page = await statusPage(body)
    const run = check(page.url)
    for (const _again of [1, 2, 3]) {
      expect(await run(fails)).toEqual({
        status: 'warn',
        code: 'provider_incident',
        output: 'neon reports an incident',
        details: { incidents: ['Elevated error rates'] },
      })
    }
    expect(page.asked).toBe(1)
    await run(works)
    await run(fails)
    expect(page.asked).toBe(2)
  })

  it('passes where the page has none, and asks a page that lags behind again after five minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const page = await statusPage({ incidents: [] })
    const run = check(page.url)
    expect(await run(fails)).toMatchObject({ status: 'pass', output: 'neon reports no incident' })
    page.body = { incidents: [incident] }
    expect(await run(fails)).toMatchObject({ status: 'pass' })
    vi.setSystemTime(Date.now() + 301_000)
    expect(await run(fails)).toMatchObject({ code: 'provider_incident' })
    expect(page.asked).toBe(2)
  })

  it.each([
    [404, { incidents: [] }, 'wrong_answer'],
    [200, { status: 'all well' }, 'wrong_answer'],
    [200, [], 'wrong_answer'],
  ])(
    'warns, and does not fail, where the page answers %i %j, and asks again in the next run',
    async (status, body, code) => {
      const page = await statusPage(body, status)
      const run = check(page.url)
      for (const asked of [1, 2]) {
        expect(await run(fails)).toMatchObject({
          status: 'warn',
          code,
          output: 'the status page of neon cannot be asked',
        })
        expect(page.asked).toBe(asked)
      }
    },
  )

  it('warns where the page does not answer, within its own time', async () => {
    vi.restoreAllMocks()
    const silent = (await serve(() => {})) as ProviderCheckOptions['page']
    expect(await check(silent)(fails)).toMatchObject({ status: 'warn', code: 'timeout' })
  })

  it('asks while the other check hangs, since afterwards no time is left', async () => {
    const page = await statusPage({ incidents: [incident] })
    const never = new Promise<Outcome>(() => {})
    expect(await check(page.url)(never, 1500)).toMatchObject({ code: 'provider_incident' })
  })

  it('explains a fault in the answer, and neither makes nor hides one', async () => {
    const page = await statusPage({ incidents: [incident] })
    const shop = { name: 'shop', run: () => fails }
    const checks = [shop, providerCheck({ name: 'neon', page: page.url, of: 'shop' })]
    const body = await createHealthCheck({ environment: { HEALTH_CHECKS: 'shop,neon' }, checks }).check()
    expect(body).toMatchObject({
      status: 'failure',
      results: [
        { checker: 'shop', passed: false },
        { checker: 'neon', passed: true, code: 'provider_incident' },
      ],
    })
  })
})
