import { describe, expect, it } from 'vitest'
import { ConnectionClosed } from '../../src/clients/connection-closed.ts'
import { redisSessionFault } from '../../src/clients/redis-session-fault.ts'
import { sessionFault } from '../../src/clients/session-fault.ts'
import { CheckError } from '../../src/core/check.ts'

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
    ...[
      'Reached the max retries per request limit (which is 20). Refer to "maxRetriesPerRequest" option for details.',
      "Stream isn't writeable and enableOfflineQueue options is false",
      'Failed to refresh slots cache.',
      'The client is offline',
      'Disconnects client',
      'All the root nodes are unavailable',
    ].map((message): [string, Error, string] => [
      `a client without a connection (${message.slice(0, 20)})`,
      new Error(message),
      'unreachable',
    ]),
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

describe('what a driver for Redis said', () => {
  it.each([
    [coded('read ECONNRESET', 'ECONNRESET'), true],
    [coded('write EPIPE', 'EPIPE'), true],
    [new Error('Connection is closed.'), true],
    [new Error('Socket closed unexpectedly'), true],
    [new Error('The client is closed'), true],
    [new Error('our Connection is closed'), false],
    [coded('connect', 'ECONNREFUSED'), false],
  ])('%s is a closed connection: %s', (error, isClosed) => {
    expect(redisSessionFault([new Error('something'), error]) instanceof ConnectionClosed).toBe(isClosed)
  })

  it.each([
    [coded('connect 10.0.0.1', 'ECONNREFUSED'), 'the connection failed (ECONNREFUSED)'],
    [coded('connect 10.0.0.1', 'ETIMEDOUT'), 'the connection failed (ETIMEDOUT)'],
    [new TypeError('x'), 'the driver threw an error that is not known here'],
    [new Error('a WRONGPASS'), 'the driver threw an error that is not known here'],
  ])('%s has one sentence', (error, message) => {
    expect(redisSessionFault([undefined, error]).message).toBe(message)
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

  it.each<[message: string, code: string, says: string, hint?: string]>([
    ['Connection terminated unexpectedly', 'unreachable', 'the connection was closed before an answer came'],
    ['Client is not queryable', 'unreachable', 'the connection was closed before an answer came'],
    [
      'The server does not support SSL connections',
      'unreachable',
      'the server does not speak TLS',
      'sslmode=disable in the connection string connects without TLS.',
    ],
    ['proxy request failed, cannot connect to the specified address', 'unreachable', 'the connection failed'],
    ['Stream was cancelled.', 'unreachable', 'the connection failed'],
    [
      'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
      'unauthorized',
      'the server asks for a password and the connection string has none',
    ],
    ['timeout exceeded when trying to connect', 'timeout', 'no connection of the pool was free in time'],
    ['x is not a function', 'error', 'the driver threw an error that is not known here'],
  ])('%j is %s: %s', (message, code, says, hint) => {
    const fault = sessionFault(new Error(message), signal)
    expect(fault).toMatchObject({ code, message: says, ...(hint && { details: { hint } }) })
    if (!hint) expect(fault.details ?? {}).not.toHaveProperty('hint')
  })

  it.each([
    ['a query of the user is not queryable today', 'error'],
    ['our Connection terminated', 'error'],
    ['the Stream was cancelled', 'error'],
    ['another SASL: password must be a string', 'error'],
  ])('is not known by words in the middle of a text: %j', (message, code) => {
    expect(sessionFault(new Error(message), signal).code).toBe(code)
  })

  it.each([
    ['ECONNREFUSED', 'unreachable', undefined],
    ['ETIMEDOUT', 'timeout', undefined],
    ['CONNECT_TIMEOUT', 'timeout', undefined],
    [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'unreachable',
      /^The certificate of the server could not be verified\. sslrootcert=/,
    ],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unreachable', /sslmode=no-verify encrypts without verifying\.$/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unreachable', /sslrootcert=/],
  ] as const)('%s of the system is %s, by its code alone', (system, code, hint) => {
    const fault = sessionFault(coded('connect 10.0.0.1', system), signal)
    expect(fault).toMatchObject({ code, message: `the connection failed (${system})` })
    expect(fault.details?.['hint']).toEqual(hint && expect.stringMatching(hint))
  })

  it.each(['X53300', '533001', 'WIN32'])('%s is not an SQLSTATE', (code) => {
    expect(sessionFault(coded('too many clients', code), signal).message).not.toContain('clients')
  })

  it.each([
    [new Error('Connection terminated unexpectedly'), true],
    [new Error('Network connection lost.'), true],
    [coded('connect', 'ECONNREFUSED'), true],
    [new Error('The server does not support SSL connections'), false],
    [coded('connect', 'ETIMEDOUT'), false],
  ])('%s may pass by itself: %s', (error, transient) => {
    expect(sessionFault(error, signal)).toMatchObject({ transient })
  })

  it('passes on what is a fault already', () => {
    const fault = new CheckError('quota_exceeded', 'no connection is left')
    expect(sessionFault(fault, AbortSignal.abort())).toBe(fault)
    expect(redisSessionFault([new Error('Connection is closed.'), fault])).toBe(fault)
  })

  it('looks for the cause eight errors deep, and ends where causes go in circles', () => {
    const wrapped = (depth: number, error: Error): Error =>
      depth === 0 ? error : new Error('wrapped', { cause: wrapped(depth - 1, error) })
    expect(sessionFault(wrapped(7, coded('too many clients', '53300')), signal).code).toBe('quota_exceeded')
    expect(sessionFault(wrapped(8, coded('too many clients', '53300')), signal).code).toBe('error')
    const circle = new Error('circle')
    circle.cause = circle
    expect(sessionFault(circle, signal).code).toBe('error')
  })

  it('is a timeout after the signal, whatever the driver says then', () => {
    const error = coded('terminated', '57P01')
    expect(sessionFault(error, AbortSignal.abort())).toMatchObject({
      code: 'timeout',
      message: 'no answer within the time limit',
    })
  })
})
