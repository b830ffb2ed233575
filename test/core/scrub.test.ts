import { describe, expect, it } from 'vitest'
import { createScrub, scrubValue } from '../../src/core/scrub.ts'

const scrub = createScrub(['p@ss/word+1', 'tok', 'AXX_aGVsbG8'])

describe('the scrub', () => {
  it.each([
    ['a known secret as it stands', 'wrong: p@ss/word+1!', 'p@ss/word+1'],
    ['a known secret in a URL', 'x=p%40ss%2Fword%2B1&y', 'p%40ss%2Fword%2B1'],
    ['a known secret in base64', `header ${btoa('p@ss/word+1')}`, btoa('p@ss/word+1')],
    [
      'a connection string nobody told us of',
      'cannot parse postgres://u:hidden@db.internal:5432/app',
      'hidden',
    ],
    ['the path of a URL, which may be a key', 'fetch https://hc-ping.com/0d3a-11 broke', '0d3a-11'],
    ['a bearer token', 'authorization: Bearer abc.def-123', 'abc.def-123'],
    ['a user that Postgres names', 'password authentication failed for user "alice"', 'alice'],
    ['a user that Neon names', "password authentication failed for user 'alice'", 'alice'],
    ['a password in a parameter list', 'host=db password=hunter22 port=1', 'hunter22'],
    ['an address', 'connect ECONNREFUSED 10.1.2.3:5432', '10.1.2.3'],
    ['a host of a known service', 'getaddrinfo ENOTFOUND ep-cool-1.eu-central-1.aws.neon.tech', 'ep-cool-1'],
  ])('removes %s', (_, text, secret) => {
    expect(scrub(text)).not.toContain(secret)
    expect(scrub(text)).toContain('[redacted]')
  })

  it.each([
    'column public.users.password: expected text',
    'CHECK ((token)::text <> 0)',
    'public.orders.total',
    'celery@web-1',
    'tok',
  ])('leaves %j alone, which a person needs to read', (text) => expect(scrub(text)).toBe(text))

  it('leaves no half of a secret where it cuts a long text', () => {
    for (let length = 1900; length < 2100; length += 1) {
      expect(scrub(`${'x '.repeat(length / 2)}p@ss/word+1 ${'y'.repeat(500)}`)).not.toContain('p@s')
      expect(scrub(`${'AXX_aGVsbG8 '.repeat(length / 10)}${'y'.repeat(length)}AXX_aGVsbG8`)).not.toContain(
        'AXX',
      )
    }
  })

  it('cuts a long text and stays quick on a hostile one', () => {
    expect(scrub('x'.repeat(1_000_000)).length).toBeLessThanOrEqual(2000)
    for (const hostile of ['a.'.repeat(50_000), `password=${'"'.repeat(50_000)}`, 'user "'.repeat(20_000)])
      scrub(hostile)
  })

  it('leaves no half of a secret where it cuts', () => {
    for (let before = 1985; before <= 2001; before += 1) {
      expect(scrub(`${'x'.repeat(before)} p@ss/word+1`)).not.toContain('p@s')
    }
  })

  it('says of what throws when it is read that it cannot be read, and keeps the rest', () => {
    const throws = (object: object, key: string) =>
      Object.defineProperty(object, key, {
        enumerable: true,
        get() {
          throw new Error('no')
        },
      })
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const odd = [throws({}, 'key'), throws(new Error(), 'message'), throws([1], '0'), proxy]
    expect(scrubValue({ odd, note: 'kept' }, scrub)).toEqual({
      odd: odd.map(() => '[unreadable]'),
      note: 'kept',
    })
  })

  it('reads no more than 2,000 values, however often an object refers to itself', () => {
    let reads = 0
    const circular: object = new Proxy(
      {},
      {
        ownKeys: () => Array.from({ length: 8 }, (_, index) => `key${index}`),
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
        get() {
          reads += 1
          return circular
        },
      },
    )
    expect(JSON.stringify(scrubValue(circular, scrub))).toContain('[more]')
    expect(reads).toBeLessThanOrEqual(2000 * 8)
  })

  it('copies any value as plain JSON, keys included', () => {
    const circular: Record<string, unknown> = {
      secret: 'p@ss/word+1',
      'p@ss/word+1': 1,
      list: [1n, undefined, new Date(0), Number.NaN],
      run: () => 1,
    }
    circular['self'] = circular
    const copy = JSON.stringify(scrubValue(circular, scrub))
    expect(copy).not.toContain('p@ss')
    expect(copy).toContain('"list":["1",null,"1970-01-01T00:00:00.000Z",null]')
    expect(copy).toContain('[deeper]')
  })
})
