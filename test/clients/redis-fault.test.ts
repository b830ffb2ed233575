import { describe, expect, it } from 'vitest'
import { redisFault, redisReplyFault, replyRules } from '../../src/clients/redis-fault.ts'
import type { FaultCode } from '../../src/core/check.ts'

const replies: [text: string, code: FaultCode][] = [
  [
    'ERR max requests limit exceeded. Limit: 500000, Usage: 500001. See https://upstash.com/docs/redis/troubleshooting/max_requests_limit for details',
    'quota_exceeded',
  ],
  ['ERR max daily request limit exceeded. Limit: 10000, Usage: 10000.', 'quota_exceeded'],
  ['ERR max monthly bandwidth limit exceeded', 'quota_exceeded'],
  ['ERR max concurrent connections exceeded', 'quota_exceeded'],
  ['ERR max number of clients reached', 'quota_exceeded'],
  ['ERR DB capacity quota exceeded', 'quota_exceeded'],
  [
    'ERR This database has been suspended for exceeding the defined budget limit. Please increase budget or switch to a Fixed plan on Upstash Console',
    'quota_exceeded',
  ],
  ['WRONGPASS invalid or missing auth token', 'unauthorized'],
  ['NOAUTH Authentication required.', 'unauthorized'],
  ["NOPERM this user has no permissions to run the 'publish' command", 'unauthorized'],
  ['Unauthorized', 'unauthorized'],
  ['LOADING Redis is loading the dataset in memory', 'unreachable'],
  ['MASTERDOWN Link with MASTER is down', 'unreachable'],
  ["OOM command not allowed when used memory > 'maxmemory'.", 'error'],
  ["READONLY You can't write against a read only replica.", 'error'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'error'],
  ['ERR syntax error', 'error'],
]

describe('an error reply', () => {
  it.each(replies)('%j is %s, with any HTTP status', (text, code) => {
    for (const status of [200, 400]) expect(redisFault(status, text).code).toBe(code)
  })

  it('has a row for every rule', () => {
    const unmatched = replyRules.filter(([beginning]) => !replies.some(([text]) => beginning.test(text)))
    expect(unmatched).toEqual([])
  })

  it('is known by its first word', () => {
    expect(redisFault(400, 'OOM command not allowed').reply).toBe('OOM')
    expect(redisFault(500, 'upstream timed out').reply).toBeUndefined()
  })

  it('loses the command that the service repeats, and all but its beginning', () => {
    const fault = redisFault(400, 'ERR wrong, command was: [["set","key","secret"]]')
    expect(fault.message).toBe('ERR wrong')
    expect(redisFault(400, `ERR ${'x'.repeat(99_999)}`).message).toHaveLength(8000)
  })

  it.each([
    'ERR unknown command NOPERM',
    ...replies.slice(0, 13).map(([text]) => `ERR in a script: ${text}`),
  ])('is not matched in the middle of a text: %j', (text) => {
    expect(redisFault(400, text).code).toBe('error')
  })

  it('is also known without the period', () => {
    expect(redisFault(400, 'ERR max bandwidth limit exceeded').code).toBe('quota_exceeded')
  })

  it('shows its first word and the HTTP status in the details', () => {
    expect(redisFault(400, 'OOM command not allowed').details).toEqual({ reply: 'OOM', http_status: 400 })
    expect(redisReplyFault('OOM command not allowed').details).toEqual({ reply: 'OOM' })
    expect(redisReplyFault('(error) OOM').details).toEqual({})
    expect(redisReplyFault('').message).toBe('')
  })
})

describe('an answer without an error reply', () => {
  it.each<[number, string | undefined, FaultCode]>([
    [401, undefined, 'unauthorized'],
    [403, 'Forbidden by the gateway', 'unauthorized'],
    [429, undefined, 'quota_exceeded'],
    [413, undefined, 'wrong_answer'],
    [507, undefined, 'wrong_answer'],
    [500, undefined, 'unreachable'],
    [503, 'upstream connect error', 'unreachable'],
    [500, 'ERR the database cannot be reached', 'unreachable'],
    [404, undefined, 'wrong_answer'],
    [302, undefined, 'wrong_answer'],
  ])('HTTP %i %j is %s', (status, text, code) => {
    expect(redisFault(status, text)).toMatchObject({
      code,
      message: text ?? `HTTP ${status} without an error reply`,
      details: { http_status: status },
    })
  })
})
