import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createHandler } from '../../src/lambda.ts'
import { startWorkerd, type WorkerdServer } from '../servers/workerd.ts'
import { leaksIn } from '../support/leaks.ts'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'
import { unhurried } from '../support/unhurried.ts'

let stack: TestStack
let worker: WorkerdServer
beforeAll(async () => {
  stack = await startStack()
  // What is asked a second time is asked too often, however long all this takes.
  const bindings = {
    ...stack.environment,
    ...unhurried,
    HEALTH_CHECKS: 'database,redis',
    HEALTH_TTL_PASS: '3600',
  }
  worker = await startWorkerd({ entry: 'src/release/worker.ts', bindings })
})
afterAll(async () => {
  await worker?.close()
  await stack?.close()
})

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
}

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
}

/** Characters that may stand in a header's value or, percent-encoded where they must be, in a path. */
const text = fc
  .string({ unit: 'binary-ascii', maxLength: 60 })
  .map((value) => value.replaceAll(/[^\x20-\x7e]/g, ''))
const encoded = fc.string({ unit: 'binary', maxLength: 40 }).map((value) => encodeURIComponent(value))
const rawPart = text.map((value) => value.replaceAll(/[\s#]/g, '').replaceAll('?', ''))

const name = fc.oneof(
  fc.constantFrom('check', 'fresh', 'token', '__proto__', 'constructor', 'check[]'),
  encoded,
)
const value = fc.oneof(
  fc.constantFrom('database', 'redis', 'database,redis', ',,', 'nosuch', '__proto__', '%', '%00', '%ff', '+'),
  encoded,
  rawPart,
)
const query = fc
  .array(fc.tuple(name, value), { maxLength: 5 })
  .map((pairs) => pairs.map(([key, item]) => `${key}=${item}`).join('&'))
const path = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('/health-check', '/health-check/', '/health-check/live') },
  { weight: 1, arbitrary: rawPart.map((part) => `/${part}`) },
  { weight: 1, arbitrary: encoded.map((part) => `/health-check/${part}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('//health-check', '/health-check/../health-check', '/%2e%2e/', '/\\'),
  },
)
const authorization = fc.oneof(
  fc.constantFrom(
    'Bearer',
    'Bearer ',
    'Basic eA==',
    `Bearer ${healthToken}x`,
    `Bearer ${healthToken.slice(1)}`,
  ),
  text.map((item) => `Bearer ${item}`),
  text,
)
const headers = fc.record(
  {
    authorization,
    host: fc.oneof(fc.constantFrom('a..b', '[::1]', 'xn--', 'example.com:99999'), text),
    accept: text,
    'accept-encoding': fc.constantFrom('gzip', 'br', '*;q=0', 'identity'),
    'x-forwarded-for': text,
    'x-http-method-override': fc.constantFrom('DELETE', 'POST'),
    'if-none-match': text,
    range: text,
    cookie: text,
  },
  { requiredKeys: [] },
)
const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH')
const asked: fc.Arbitrary<Asked> = fc.record({
  method,
  path: fc.tuple(path, query).map(([where, what]) => (what ? `${where}?${what}` : where)),
  headers,
})

function ask({ method, path, headers }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const options = { method, path, headers, agent: false, timeout: 60_000 }
    const sent = request(worker.url, options, (answer: IncomingMessage) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text: Buffer.concat(chunks).toString(),
        }),
      )
    })
    sent.on('error', reject).on('timeout', () => sent.destroy(new Error('no answer')))
    sent.end()
  })
}

/** What holds for every answer of ours, whatever was asked. */
function expectWellBehaved({ status, headers, text }: Answered, isHead: boolean) {
  expect([200, 400, 401, 404, 405]).toContain(status)
  expect(headers['content-type']).toBe('application/json')
  expect(headers['cache-control']).toBe('no-store')
  expect(headers['x-content-type-options']).toBe('nosniff')
  if (isHead) expect(text).toBe('')
  else expect(typeof JSON.parse(text)).toBe('object')
  expect(text.length).toBeLessThan(5120)
  expect(text).not.toContain('"details"')
  expect(leaksIn(text + JSON.stringify(headers), planted())).toEqual([])
}

const planted = () => [
  { name: 'the token', value: healthToken },
  { name: 'the password', value: stack.postgres.password },
  { name: 'the Redis token', value: stack.environment['UPSTASH_REDIS_REST_TOKEN'] as string },
  { name: 'the SQL endpoint', value: new URL(stack.sqlProxy.url).host },
]

describe('whatever a stranger sends', () => {
  it('the Worker answers in its own shape, reveals nothing, and asks its dependencies no more often', async () => {
    await ask({ method: 'GET', path: '/health-check', headers: {} })
    const statuses = new Set<number>()
    await fc.assert(
      fc.asyncProperty(asked, async (what) => {
        const answer = await ask(what)
        // workerd itself refuses what is not a request, in plain text, before the Worker gets it.
        if (answer.status === 400 && answer.headers['content-type'] !== 'application/json') return
        expectWellBehaved(answer, what.method === 'HEAD')
        statuses.add(answer.status)
      }),
      { numRuns: 300 },
    )
    for (const status of [200, 401, 404, 405]) expect(statuses).toContain(status)
    expect(stack.sqlProxy.requests.length + stack.redisProxy.requests.length).toBe(2)
    expect(worker.output()).not.toMatch(/bug in the health check|uncaught/i)
  })

  it('no word of it is repeated in an answer or the log', async () => {
    const word = 'reflected-word'
    const texts: string[] = []
    for (const where of [`/${word}`, `/health-check?check=${word}`, `/health-check?${word}=1`]) {
      const headers = { 'user-agent': word, authorization: `Basic ${word}`, referer: word }
      texts.push(JSON.stringify(await ask({ method: 'GET', path: where, headers })))
    }
    texts.push(
      JSON.stringify(
        await ask({ method: 'GET', path: '/health-check', headers: { authorization: `Bearer ${word}` } }),
      ),
    )
    for (const item of [...texts, worker.output()]) expect(item).not.toContain(word)
  })

  it('the Worker lives on after bytes that are no HTTP, and after very long lines', async () => {
    const long = 'x'.repeat(200_000)
    for (const bytes of [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc',
      `GET /health-check?check=${long} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET /health-check HTTP/1.1\r\nHost: x\r\nX-Long: ${long}\r\n\r\n`,
      'GET /health-check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n',
      'GET /health-check HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n',
    ]) {
      const answer = await sendBytes(bytes)
      expect(leaksIn(answer, planted())).toEqual([])
    }
    expect((await ask({ method: 'GET', path: '/health-check', headers: {} })).status).toBe(200)
  })

  // It has no variables here: the setup of the tests removes those of the shell (test/support/strange-variables.ts).
  it('the Lambda function answers events of any shape without throwing', async () => {
    // The adapter prints what it cannot make a request of.
    vi.spyOn(console, 'error').mockImplementation(() => {})
    vi.spyOn(console, 'log').mockImplementation(() => {})
    onTestFinished(() => void vi.restoreAllMocks())
    const handler = createHandler({})
    const part = fc.oneof(fc.anything({ maxDepth: 1 }), text, encoded)
    const wellFormed = fc.record({
      http: fc.record({ method, path: text }),
      domainName: fc.constant('on.aws'),
    })
    const event = fc.record(
      {
        version: fc.constantFrom('2.0', '2.0', '2.0', '1.0'),
        rawPath: fc.oneof({ weight: 3, arbitrary: path }, text, encoded, part),
        rawQueryString: fc.oneof({ weight: 3, arbitrary: query }, part),
        headers: fc.oneof({ weight: 3, arbitrary: headers }, part),
        cookies: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, part),
        body: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, part),
        isBase64Encoded: part,
        requestContext: fc.oneof(
          { weight: 3, arbitrary: wellFormed },
          fc.record({ http: fc.record({ method: fc.oneof(method, part), path: text }) }),
          fc.record({ http: part, domainName: part }),
        ),
      },
      { requiredKeys: ['version', 'rawPath', 'requestContext'] },
    )
    const statuses: (number | undefined)[] = []
    await fc.assert(
      fc.asyncProperty(event, async (what) => {
        const answer = await handler(what)
        expect([200, 400, 401, 404, 405, 503]).toContain(answer?.statusCode)
        statuses.push(answer?.statusCode)
        expect(typeof JSON.parse(answer?.body || '{}')).toBe('object')
      }),
      { numRuns: 1000 },
    )
    for (const status of [200, 400, 404, 405, 503]) expect(statuses).toContain(status)
  })
})

/** What comes back within half a second, or until the other end hangs up. */
function sendBytes(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(Number(new URL(worker.url).port), '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(text))
    setTimeout(() => socket.destroy(), 500)
  })
}
