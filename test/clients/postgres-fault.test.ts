import { describe, expect, it } from 'vitest'
import { messageRules, postgresFault, sqlstateRules } from '../../src/clients/postgres-fault.ts'
import type { FaultCode } from '../../src/core/check.ts'

const answer = (message: string, code = '') => JSON.stringify({ message, code, severity: null })

/** One row for each rule: what the service sends, and what it is. */
const sqlstates: Record<string, FaultCode> = {
  '08': 'unreachable',
  '08001': 'unreachable',
  '08006': 'unreachable',
  '28': 'unauthorized',
  '42501': 'unauthorized',
  '53100': 'quota_exceeded',
  '53300': 'quota_exceeded',
  '53400': 'quota_exceeded',
  '57014': 'timeout',
  '57P01': 'unreachable',
  '57P02': 'unreachable',
  '57P03': 'unreachable',
}

const messages: [text: string, code: FaultCode][] = [
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
    'quota_exceeded',
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

  it.each(['3D000', '42P01', '22012', 'XX000', '25006', '55P03'])(
    'of %s is an error like any other',
    (sqlstate) => {
      expect(postgresFault(400, answer('said', sqlstate))).toMatchObject({ code: 'error', sqlstate })
    },
  )

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
    expect(postgresFault(status, answer('nobody knows')).code).toBe(code),
  )
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
  ])('HTTP %i %j is %s', (status, body, code) => expect(postgresFault(status, body).code).toBe(code))

  it('keeps only the beginning of what the service said', () => {
    expect(postgresFault(400, answer('x'.repeat(100_000))).message.length).toBeLessThanOrEqual(8000)
  })
})

describe('a compute that may be waking up', () => {
  it.each(['57P03', '08001', '08006'])('is one that answers %s', (sqlstate) => {
    expect(postgresFault(400, answer('said', sqlstate)).mayBeWaking).toBe(true)
  })
  it.each(['57P01', '28P01', '08P01', '53300'])('is not one that answers %s', (sqlstate) => {
    expect(postgresFault(400, answer('said', sqlstate)).mayBeWaking).toBe(false)
  })
})
