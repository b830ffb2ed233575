import { describe, expect, it } from 'vitest'
import { postgresFault } from '../../src/clients/postgres-fault.ts'
import { messageRules, sqlstateMessageRules, sqlstateRules } from '../../src/clients/postgres-rules.ts'
import type { FaultCode } from '../../src/core/check.ts'

const answer = (message: string, code = '') => JSON.stringify({ message, code, severity: null })

/** One row for each rule: what the service sends, and what it is. */
const sqlstates: Record<string, FaultCode> = {
  '08': 'unreachable',
  '08001': 'unreachable',
  '08006': 'unreachable',
  '08P01': 'unreachable',
  '25P03': 'timeout',
  '25P04': 'timeout',
  '28': 'unauthorized',
  '3D000': 'error',
  '42501': 'unauthorized',
  '53100': 'quota_exceeded',
  '53300': 'quota_exceeded',
  '53400': 'quota_exceeded',
  '57014': 'timeout',
  '57P01': 'unreachable',
  '57P02': 'unreachable',
  '57P03': 'unreachable',
  '57P05': 'timeout',
  '58030': 'unreachable',
}

const messages: [text: string, code: FaultCode][] = [
  ['connection closed', 'unreachable'],
  ['error communicating with the server: Connection reset by peer (os error 104)', 'unreachable'],
  ['unexpected message from server', 'unreachable'],
  ['timeout waiting for server', 'timeout'],
  ['VPC endpoint ID is not specified. This endpoint requires a VPC endpoint ID to connect.', 'unauthorized'],
  [
    'You have exceeded the limit of concurrently active endpoints. Please suspend some endpoints.',
    'quota_exceeded',
  ],
  ['active endpoints limit exceeded', 'quota_exceeded'],
  ['no more connections allowed (max_client_conn)', 'quota_exceeded'],
  [
    'Your project has exceeded the data transfer quota. Upgrade your plan to increase limits.',
    'quota_exceeded',
  ],
  ["password authentication failed for user 'app'", 'unauthorized'],
  [
    'This IP address 203.0.113.7 is not allowed to connect to this endpoint. Please add it to the allowed list in the Neon console.',
    'unauthorized',
  ],
  ['This connection is trying to access this endpoint from a blocked network.', 'unauthorized'],
  [
    'Your account or project has exceeded the compute time quota. Upgrade your plan to increase limits.',
    'quota_exceeded',
  ],
  [
    'Control plane request failed: endpoint is temporarily unavailable. Check your quotas and/or contact our support.',
    'unreachable',
  ],
  ['Rate limit exceeded', 'quota_exceeded'],
  ['Too many connections to this endpoint. Please try again later.', 'quota_exceeded'],
  ['Failed to acquire permit to connect to the database. It is busy.', 'quota_exceeded'],
  ['Authentication timed out', 'timeout'],
  ['Control plane request failed: endpoint is disabled', 'unreachable'],
  ['Control plane request failed: endpoint cannot be found', 'unreachable'],
  ["The requested endpoint could not be found, or you don't have access to it.", 'unreachable'],
  ['could not connect to postgres in compute', 'unreachable'],
  ["Couldn't connect to compute node", 'unreachable'],
  ['Control plane request failed', 'unreachable'],
]

describe('a fault that Postgres names by SQLSTATE', () => {
  it.each(Object.entries(sqlstates))('of %s is %s, with HTTP 400 as with 500', (prefix, code) => {
    const sqlstate = prefix.padEnd(5, '0')
    for (const status of [400, 500]) {
      expect(postgresFault(status, answer('said', sqlstate))).toMatchObject({
        code,
        sqlstate,
        details: { sqlstate },
      })
    }
  })

  it('has a row for every rule', () => {
    expect(Object.keys(sqlstates).sort()).toEqual(Object.keys(sqlstateRules).sort())
  })

  it.each(['42P01', '22012', 'XX000', '25006', '55P03', '40001'])(
    'of %s is an error like any other',
    (sqlstate) => {
      expect(postgresFault(400, answer('said', sqlstate))).toMatchObject({ code: 'error', sqlstate })
    },
  )

  it.each<[sqlstate: string, text: string, code: FaultCode, transient: boolean]>([
    ['08P01', 'no more connections allowed (max_client_conn)', 'quota_exceeded', false],
    ['08P01', 'Query cancelled, connection was terminated', 'unreachable', true],
    ['40001', 'canceling statement due to conflict with recovery', 'error', true],
    ['40001', 'could not serialize access due to concurrent update', 'error', false],
  ])('%s with the words %j is %s', (sqlstate, text, code, transient) => {
    expect(postgresFault(400, answer(text, sqlstate))).toMatchObject({ code, sqlstate, transient })
  })

  it('has a row for every SQLSTATE whose words decide', () => {
    expect(Object.keys(sqlstateMessageRules)).toEqual(['40001', '08P01'])
  })

  it('is read by SQLSTATE even when its words say something else', () => {
    expect(postgresFault(400, answer('relation "too many connections" does not exist', '42P01')).code).toBe(
      'error',
    )
  })
})

describe('a fault that the service reports before Postgres is reached', () => {
  it.each(messages)('%j is %s', (text, code) => {
    expect(postgresFault(400, answer(text)).code).toBe(code)
    expect(postgresFault(500, answer(text)).code).toBe(code)
  })

  it('has a row for every rule', () => {
    const matched = messages.map(([text]) => messageRules.find(({ matches }) => matches.test(text)))
    expect(messageRules.filter((rule) => !matched.includes(rule))).toEqual([])
  })

  it.each<[number, FaultCode]>([
    [400, 'error'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [429, 'quota_exceeded'],
    [413, 'wrong_answer'],
    [507, 'wrong_answer'],
    [500, 'unreachable'],
    [503, 'unreachable'],
  ])('in unknown words is judged by its HTTP status: %i is %s', (status, code) =>
    expect(postgresFault(status, answer('unknown words')).code).toBe(code),
  )
})

describe('words in the middle of a text', () => {
  it.each([
    'our connection closed',
    'an error communicating with the server',
    'an unexpected message from server',
    'no timeout waiting for server',
  ])('prove nothing: %j', (text) => {
    expect(postgresFault(400, answer(text))).toMatchObject({ code: 'error', transient: false })
  })

  it('keep the user of a refused login only where the words are of another program', () => {
    const said = (text: string) => postgresFault(400, answer(text)).message
    expect(said("password authentication failed for user 'app' (branch)")).toBe(
      'password authentication failed (branch)',
    )
    const quoted = "it said password authentication failed for user 'app'"
    expect(said(quoted)).toBe(quoted)
  })
})

describe('an answer that is not of the protocol', () => {
  it.each<[number, string, FaultCode]>([
    [400, '<html>', 'wrong_answer'],
    [404, 'not found', 'wrong_answer'],
    [302, '', 'wrong_answer'],
    [502, '<html>Bad gateway</html>', 'unreachable'],
    [500, '', 'unreachable'],
    [401, 'Unauthorized', 'unauthorized'],
    [429, 'slow down', 'quota_exceeded'],
    [402, '', 'quota_exceeded'],
    [413, '', 'wrong_answer'],
    [507, 'null', 'wrong_answer'],
    [400, '{"message":7,"code":[]}', 'error'],
  ])('HTTP %i %j is %s', (status, body, code) => {
    const message = body.startsWith('{')
      ? `HTTP ${status} without a message`
      : `HTTP ${status} without a JSON body`
    expect(postgresFault(status, body)).toMatchObject({ code, message, details: { http_status: status } })
  })

  it.each(['X57P03', '57P031', ['57P03']])('knows no SQLSTATE in %j', (code) => {
    const body = JSON.stringify({ message: 'said', code })
    expect(postgresFault(400, body)).toMatchObject({ code: 'error', sqlstate: undefined })
  })

  it('keeps only the beginning of what the service said', () => {
    expect(postgresFault(400, answer('x'.repeat(100_000))).message.length).toBeLessThanOrEqual(8000)
  })
})

describe('a fault that passes by itself', () => {
  it.each(['57P03', '08001', '08006', '57P01', '08P01', '57P05'])('is one with SQLSTATE %s', (sqlstate) => {
    expect(postgresFault(400, answer('said', sqlstate)).transient).toBe(true)
  })

  it.each(['28P01', '53300', '58030', '25P04', '57014'])('is not one with SQLSTATE %s', (sqlstate) => {
    expect(postgresFault(400, answer('said', sqlstate)).transient).toBe(false)
  })

  it.each(messages)('%j is one only where the words are about a connection', (text, code) => {
    const passes =
      /^(connection|error comm|unexpected|timeout|could|Could|Control plane request failed$)|unavailable/
    expect(postgresFault(400, answer(text)).transient).toBe(passes.test(text))
    if (code === 'quota_exceeded' || code === 'unauthorized') expect(passes.test(text)).toBe(false)
  })
})

describe('the details', () => {
  it.each<[text: string, code: string, hint: RegExp]>([
    ["password authentication failed for user 'app'", '', /branch or endpoint was deleted/],
    ['password authentication failed for user "app"', '28P01', /branch or endpoint was deleted/],
    ['database "shop" does not exist', '3D000', /names a database that does not exist/],
    ['could not read block 7 in file "base/1/2": Input/output error', '58030', /could not read its storage/],
    ['canceling statement due to conflict with recovery', '40001', /read replica/],
    [messages.find(([text]) => /unavailable/.test(text))?.[0] ?? '', '', /maintenance and when a quota/],
  ])('of %j (%s) say what the words do not', (text, code, hint) => {
    expect(postgresFault(400, answer(text, code)).details?.['hint']).toMatch(hint)
  })

  it('of other faults have no hint', () => {
    expect(postgresFault(400, answer('relation "x" does not exist', '42P01')).details).toEqual({
      sqlstate: '42P01',
    })
  })

  it('have the id of the request, by which the support of Neon finds it', () => {
    for (const body of [answer('said', '57014'), answer('connection closed'), '<html>']) {
      expect(postgresFault(400, body, 'b7c2-1').details).toMatchObject({ neon_request_id: 'b7c2-1' })
    }
  })
})

describe("an answer of Cloudflare's edge instead of the service", () => {
  it.each([520, 521, 522, 523, 524, 525, 526, 530])('with HTTP %i is unreachable, and passes', (status) => {
    expect(postgresFault(status, 'error code: 1016')).toMatchObject({ code: 'unreachable', transient: true })
    expect(postgresFault(status, '<html>')).toMatchObject({ code: 'unreachable', transient: true })
  })

  it.each(['error code: 1003', '<title>Direct IP access not allowed</title> Error 1034'])(
    '%j with HTTP 403 is not a refusal of the credentials',
    (body) => expect(postgresFault(403, body)).toMatchObject({ code: 'unreachable', transient: false }),
  )

  it('that refuses is a refusal', () => {
    expect(postgresFault(403, 'error code: 1020').code).toBe('unauthorized')
    expect(postgresFault(429, 'error code: 1015').code).toBe('quota_exceeded')
  })
})

it('leaves out the user, who is part of the connection string', () => {
  const fault = (message: string) => postgresFault(400, JSON.stringify({ message, code: '28P01' })).message
  expect(fault('password authentication failed for user "shop"')).toBe('password authentication failed')
  expect(fault("password authentication failed for user 'shop'")).toBe('password authentication failed')
  expect(fault('no such "shop"')).toBe('no such "shop"')
})
