import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BodyTooLarge, type HttpService, readBody, serveHttp } from '../../src/dev/http-service.ts'

let service: HttpService
beforeAll(async () => {
  service = await serveHttp(async ({ request, path, query }) => {
    try {
      const body = await readBody(request, 1000)
      return { status: 200, body: { path, query: [...query], bytes: body.length } }
    } catch (error) {
      if (error instanceof BodyTooLarge) return { status: 413, body: error.message }
      throw error
    }
  })
})
afterAll(() => service.close())

/** Sends bytes as they are and returns what comes back before the connection ends. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(service.port, '127.0.0.1', () => socket.end(text))
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

it('listens on 127.0.0.1 only', () => {
  expect(service.url).toBe(`http://127.0.0.1:${service.port}`)
})

it.each(['//', '/%', 'http://[', '*', '/a?b=%E0%A4&&=', '/\u0001'.replace('\u0001', '%01'), '///?//'])(
  'takes the request target %j without falling over',
  async (target) => {
    expect(await raw(`GET ${target} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1.1 (200|400)/,
    )
    expect((await fetch(service.url)).status).toBe(200)
  },
)

it('survives rubbish and clients that go away in the middle of a request', async () => {
  expect(await raw('rubbish\r\n\r\n')).toMatch(/^HTTP\/1.1 400/)
  await raw('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\nhalf')
  expect((await fetch(service.url)).status).toBe(200)
})

it('answers a body that is too large and uses the connection on', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => fetch(service.url, { method: 'POST', body: 'x'.repeat(3_000_000) })),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]))
  expect(await answers[0]?.json()).toBe('request is too large (max is 1000 bytes)')
})

it('answers HEAD without a body', async () => {
  const answer = await fetch(service.url, { method: 'HEAD' })
  expect([answer.status, await answer.text()]).toEqual([200, ''])
})
