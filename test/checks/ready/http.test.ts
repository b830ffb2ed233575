import { describe, expect, it } from 'vitest'
import { type HttpCheckOptions, httpCheck } from '../../../src/checks/ready/http.ts'
import { maxAnswerBytes } from '../../../src/clients/answer-size.ts'
import { CheckError } from '../../../src/core/check.ts'
import { createHealth } from '../../../src/health.ts'
import { answering, serve } from '../../support/http.ts'

const key = 'planted-key-in-the-path'
const ask = async (
  url: string,
  options: Partial<HttpCheckOptions> = {},
  signal = AbortSignal.timeout(10_000),
) => httpCheck({ name: 'mail', url: `${url}/${key}`, ...options }).run({ signal, timeoutMs: 10_000 })

describe('httpCheck', () => {
  it.each<[number, string, Partial<HttpCheckOptions>]>([
    [200, 'anything', {}],
    [204, '', {}],
    [200, 'status: up', { expectedText: 'up' }],
    [401, 'log in', { expectedStatus: 401 }],
    [301, '', { expectedStatus: 301 }],
  ])('passes on status %i with %j where %o is asked for', async (status, body, options) => {
    expect(await ask(await answering(status, body), options)).toEqual({
      status: 'pass',
      code: 'ok',
      output: 'mail ok',
      details: { http_status: status },
    })
  })

  it.each<[number, string, Partial<HttpCheckOptions>, string]>([
    [500, '', {}, 'unreachable'],
    [404, '', {}, 'wrong_answer'],
    [301, '', {}, 'wrong_answer'],
    [403, '', {}, 'unauthorized'],
    [429, '', {}, 'quota_exceeded'],
    [200, '', { expectedStatus: 204 }, 'wrong_answer'],
    [200, 'status: down', { expectedText: 'up' }, 'wrong_answer'],
    [200, 'x'.repeat(maxAnswerBytes + 1), {}, 'wrong_answer'],
  ])('fails on status %i where %o', async (status, body, options, code) => {
    await expect(ask(await answering(status, body), options)).rejects.toMatchObject({ code })
  })

  it('sends its headers, and follows no redirect with them', async () => {
    const seen: (string | undefined)[] = []
    const url = await serve(({ headers }, response) => {
      seen.push(headers.authorization)
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    await expect(ask(url, { headers: { authorization: 'Bearer x' } })).rejects.toMatchObject({
      details: { http_status: 302 },
    })
    expect(seen).toEqual(['Bearer x'])
  })

  it('ends with its signal', async () => {
    const url = await serve(() => {})
    await expect(ask(url, {}, AbortSignal.timeout(50))).rejects.toMatchObject({ code: 'timeout' })
  })

  it('has no part of its URL in what it throws', async () => {
    for (const url of ['http://127.0.0.1:1', 'https://planted-host.invalid']) {
      const fault = await ask(url).catch((error: unknown) => error)
      expect(fault).toBeInstanceOf(CheckError)
      expect(fault).toMatchObject({ code: 'unreachable' })
      expect(fault).not.toHaveProperty('cause')
      expect(JSON.stringify([fault, String(fault)])).not.toMatch(/planted|127\.0\.0\.1/)
    }
  })

  it.each([
    'http://mail.example/planted',
    'ftp://mail.example/planted',
    'planted',
    'https://u:planted@mail.example/',
  ])('refuses %s without repeating it', (url) => {
    expect(() => httpCheck({ name: 'mail', url })).toThrow(TypeError)
    expect(() => httpCheck({ name: 'mail', url })).toThrow(/^The url of the check mail (?!.*planted)/)
  })

  it('is a check among the others', async () => {
    const checks = [httpCheck({ name: 'mail', url: await answering(200, 'up'), expectedText: 'up' })]
    const health = createHealth({ environment: { HEALTH_CHECKS: 'mail' }, checks, write: () => {} })
    expect((await health.check({ hostname: 'here' })).results).toMatchObject([
      { checker: 'mail', code: 'ok' },
    ])
  })
})
