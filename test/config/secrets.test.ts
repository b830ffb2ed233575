import { describe, expect, it } from 'vitest'
import { secretsOf } from '../../src/config/config.ts'

const twice = (text: string) => [text, text]

describe('the secrets of the function', () => {
  it('are its values alone where they are not URLs', () => {
    expect(secretsOf({ HEALTH_TOKEN: '0123456789abcdef' })).toEqual(['0123456789abcdef', '0123456789abcdef'])
    expect(secretsOf({ HEALTH_TOKEN: {}, DATABASE_URL: undefined, HEARTBEAT_URL: ' ' })).toEqual([])
  })

  it('are texts, also where a percent sign of a password encodes nothing', () => {
    const secrets = secretsOf({ REDIS_URL: 'redis://default:50%zz-off@cache.example:6379' })
    expect(secrets).toContain('50%zz-off')
    expect(secrets.filter((secret) => typeof secret !== 'string')).toEqual([])
  })

  it('have a user whose name is longer than a word, and no part of the path of a database', () => {
    const secretsOfUser = (user: string) =>
      secretsOf({ DATABASE_URL: `postgres://${user}:hunter-2@db.example/warehouse-7` })
    expect(secretsOfUser('shopusers')).toContain('shopusers')
    expect(secretsOfUser('shopuser')).not.toContain('shopuser')
    const url = 'postgres://shopuser:hunter-2@db.example/warehouse-7'
    expect(secretsOfUser('shopuser')).toEqual([url, url, ...twice('db.example'), ...twice('hunter-2')])
  })

  it('have the keys of a URL, which are longer than the version of an API', () => {
    const secrets = secretsOf({ HEARTBEAT_URL: 'https://hc.example/v1/abcdefg1?x=1234567' })
    expect(secrets).toContain('abcdefg1')
    for (const part of ['v1', '1234567']) expect(secrets).not.toContain(part)
  })
})

describe('the secrets of other applications', () => {
  it.each([
    ['MAIL_API_KEY', 'abcd-123', ['abcd-123']],
    ['MAIL_API_KEY', 'abcd-12', []],
    ['KEYBOARD_LAYOUT', 'us-international-1', []],
    ['TOKEN_COUNT', '12345678', []],
    ['APP_URL', 'https://shop.example/v1', []],
    ['TRACE_DSN', 'https://0a1b2c3d@trace.example/1', ['trace.example']],
    ['CACHE_URL', 'redis://:secret-1@cache.example', ['cache.example', 'secret-1']],
  ])('%s=%s has %j', (name, value, expected) => {
    const secrets = secretsOf({ [name]: value })
    expect(secrets).toEqual(expected.length > 0 ? expect.arrayContaining(expected) : [])
  })
})
