import { describe, expect, it } from 'vitest'
import { redisSessionFault } from '../../src/clients/redis-session-fault.ts'
import { sessionFault } from '../../src/clients/session-fault.ts'

const coded = (message: string, code: string) => Object.assign(new Error(message), { code })
/** As a minified bundle names it. */
class A extends Error {
  override readonly name = 'a'
}

describe('an error of a driver for Redis', () => {
  it.each([
    [
      'a reply, whatever its class is named',
      new A('WRONGPASS invalid username-password pair'),
      'unauthorized',
    ],
    ['a reply that no rule knows', new A('WRONGTYPE Operation against a key'), 'error'],
    ['a refused connection', coded('connect ECONNREFUSED 10.0.0.1:6379', 'ECONNREFUSED'), 'unreachable'],
    ['a name that does not resolve', coded('getaddrinfo ENOTFOUND cache', 'ENOTFOUND'), 'unreachable'],
    ['a connection that was reset', coded('read ECONNRESET', 'ECONNRESET'), 'unreachable'],
    ['a connection that ioredis found closed', new Error('Connection is closed.'), 'unreachable'],
    ['a TLS error', coded('EPROTO wrong version number', 'EPROTO'), 'unreachable'],
    ['a time of the system', coded('connect ETIMEDOUT', 'ETIMEDOUT'), 'timeout'],
    ['a bug', new TypeError('x is not a constructor'), 'error'],
    ['not an error', 'nothing', 'error'],
  ])('%s has a code, and no address in its message', (_, error, code) => {
    const fault = redisSessionFault([error])
    expect(fault.code).toBe(code)
    expect(fault.message).not.toMatch(/10\.0\.0\.1|cache/)
  })
})

describe('an error of a driver for Postgres', () => {
  const { signal } = new AbortController()

  it.each([
    ['what Postgres said', coded('too many clients', '53300'), 'quota_exceeded'],
    [
      'what Postgres said, wrapped by drizzle-orm',
      new Error('Failed query: select secret', { cause: coded('permission denied', '42501') }),
      'unauthorized',
    ],
    ['a code of the system with five characters', coded('write EPIPE', 'EPIPE'), 'unreachable'],
    ['a refused connection', coded('connect ECONNREFUSED 10.0.0.1:5432', 'ECONNREFUSED'), 'unreachable'],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect'), 'timeout'],
    [
      'postgres.js without a connection',
      coded('write CONNECT_TIMEOUT 10.0.0.1:5432', 'CONNECT_TIMEOUT'),
      'timeout',
    ],
    ['a bug', new TypeError('x is not a function'), 'error'],
    ['not an error', undefined, 'error'],
  ])('%s has a code, and no address in its message', (_, error, code) => {
    const fault = sessionFault(error, signal)
    expect(fault.code).toBe(code)
    expect(fault.message).not.toMatch(/10\.0\.0\.1|secret/)
  })

  it('is a timeout after the signal, whatever the driver says then', () => {
    const error = coded('terminated', '57P01')
    expect(sessionFault(error, AbortSignal.abort()).code).toBe('timeout')
  })
})
