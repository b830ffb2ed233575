import { describe, expect, it } from 'vitest'
import { createScrub, createSecretRemover, scrubValue } from '../../src/core/scrub.ts'

const scrub = createScrub(['p@ss/word+1', 'tok', 'AXX_aGVsbG8'])

describe('the scrub', () => {
  it.each([
    ['a known secret as it stands', 'wrong: p@ss/word+1!', 'p@ss/word+1'],
    ['a known secret in a URL', 'x=p%40ss%2Fword%2B1&y', 'p%40ss%2Fword%2B1'],
    ['a known secret in base64', `header ${btoa('p@ss/word+1')}`, btoa('p@ss/word+1')],
    [
      'a connection string that is not in the configuration',
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

  it('removes the longer of two secrets where one begins with the other', () => {
    for (const secrets of [
      ['hunter', 'hunter-two'],
      ['hunter-two', 'hunter'],
    ]) {
      expect(createScrub(secrets)('said hunter-two')).toBe('said [redacted]')
      expect(createSecretRemover(secrets.map((secret) => `1-${secret}`))('said 1-hunter-two')).toBe(
        'said [redacted]',
      )
    }
  })

  it('removes a secret of four characters, each time it stands there, also as JSON and in base64 without its end', () => {
    const short = createScrub(['ab"c', 'q-1'])
    const coded = btoa('ab"c')
    expect(coded).toMatch(/==$/)
    const texts = ['ab"c', 'ab\\"c', coded, coded.slice(0, -2)]
    for (const text of texts) expect(short(`${text} and ${text}`)).toBe('[redacted] and [redacted]')
    expect(short('q-1')).toBe('q-1')
    const remove = createSecretRemover(['ab-1', 'q-1'])
    expect(remove('ab-1 and ab-1, q-1')).toBe('[redacted] and [redacted], q-1')
  })

  it('leaves no half of a secret where others before it made the text shorter', () => {
    for (let before = 0; before < 12; before += 1) {
      const text = `${'x'.repeat(before)}${'AXX_aGVsbG8 '.repeat(300)}`
      expect(scrub(text).replaceAll('[redacted]', '')).toMatch(/^[x ]*(\[[a-z]*)?$/)
    }
  })

  it('changes nothing where there are no secrets', () => {
    const text = 'undefined is not a function (of ours)'
    expect([createScrub([])(text), createSecretRemover([])(text)]).toEqual([text, text])
  })

  it('keeps 2,000 characters, and as many of a text in which secrets are looked for', () => {
    expect(scrub('x '.repeat(1000))).toBe('x '.repeat(1000))
    const longest = 2000 + btoa('p@ss/word+1').length
    expect(scrub('x'.repeat(longest))).toHaveLength(2000)
    const found = 'AXX_aGVsbG8 '.repeat(10)
    expect(scrub(found.padEnd(2000 + encodeURIComponent('p@ss/word+1').length, 'x'))).toHaveLength(2000)
    expect(createScrub([])('x'.repeat(3000))).toHaveLength(2000)
    expect(createSecretRemover([])('x'.repeat(3000))).toHaveLength(2000)
    expect(createSecretRemover([], 5)('x'.repeat(3000))).toHaveLength(5)
    expect(createSecretRemover(['planted-1'], 5)('x'.repeat(3000))).toHaveLength(5)
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

  it('copies numbers, truth, null and the words of an error as they are', () => {
    const value = { number: 1.5, yes: true, no: false, nothing: null, error: new TypeError('p@ss/word+1') }
    expect(scrubValue(value, scrub)).toEqual({ ...value, error: 'TypeError: [redacted]' })
    expect(scrubValue(new Date(Number.NaN), scrub)).toBeNull()
  })

  it('reads 200 entries of a list and of an object, 2,000 values in all, and 8 levels', () => {
    const list = Array.from({ length: 300 }, (_, at) => at)
    expect(scrubValue(list, scrub)).toHaveLength(200)
    expect(Object.keys(scrubValue({ ...list }, scrub) as object)).toHaveLength(200)
    const values = Array.from({ length: 20 }, () => list.slice(0, 110))
    const copied = scrubValue(values, scrub) as unknown[]
    // The list of all, 18 lists with their 110 entries, and the next list itself.
    expect(copied.slice(0, 18)).toEqual(values.slice(0, 18))
    expect(copied.slice(18)).toEqual([list.slice(0, 110).map(() => '[more]'), '[more]'])
    const nested = (depth: number): unknown => (depth === 0 ? 'end' : [nested(depth - 1)])
    expect(JSON.stringify(scrubValue(nested(8), scrub))).toBe('[[[[[[[["end"]]]]]]]]')
    expect(JSON.stringify(scrubValue(nested(9), scrub))).toBe('[[[[[[[["[deeper]"]]]]]]]]')
    const named = (depth: number): unknown => (depth === 0 ? 'end' : { a: named(depth - 1) })
    expect(JSON.stringify(scrubValue(named(9), scrub))).toContain('[deeper]')
  })

  it('cleans a text that is there several times once', () => {
    let cleaned = 0
    const counting = (text: string) => {
      cleaned += 1
      return text
    }
    expect(scrubValue([{ kind: 'column' }, { kind: 'column' }], counting)).toHaveLength(2)
    expect(cleaned).toBe(2)
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
