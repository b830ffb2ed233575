import { setFlagsFromString } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { redacted, removeSecretPatterns, secretPatterns } from '../../src/core/secret-patterns.ts'

setFlagsFromString('--allow-natives-syntax')
/** V8's own: the pattern finds nothing where it had to go back more often than that. */
const withBacktrackLimit = new Function(
  'source',
  'flags',
  'limit',
  'return %NewRegExpWithBacktrackLimit(source, flags, limit)',
) as (source: string, flags: string, limit: number) => RegExp

/** V8 does not count the characters that a loop over one character class reads; with a lookahead in the loop it does. */
const counted = ({ source }: RegExp) =>
  source.replace(/(\[(?:\\.|[^\]\\])+\]|\\[sdw])([*+])/g, '(?:$1(?=[^]|$))$2')

/** The steps that a pattern takes to find all of its matches, each rounded up to the next power of two. */
function stepsOf(pattern: RegExp, text: string): number {
  const source = counted(pattern)
  let from = 0
  let steps = 0
  for (const match of text.matchAll(pattern)) {
    let limit = 1
    const isFound = () => {
      const limited = withBacktrackLimit(source, pattern.flags, limit)
      limited.lastIndex = from
      return limited.exec(text)?.index === match.index
    }
    while (!isFound()) limit *= 2
    steps += limit
    from = match.index + match[0].length
  }
  return steps
}

/** How URLs and hosts were found before: right, but in a time that grows with the square of the length. */
const before = {
  url: /\b([a-z][a-z0-9+.-]*):\/\/[^\s"'<>]+/gi,
  host: /\b[\w-]+(\.[\w-]+)*\.(neon\.tech|neon\.build|upstash\.io|sentry\.io|rds\.amazonaws\.com)\b/gi,
}

/** A match for each pattern: what comes before it must be read to find it. */
const matches = ['http://a', 'bearer a', 'user "a"', 'password=a', 'a.neon.tech', '1.1.1.1']
const samples = secretPatterns.map(({ pattern }, index) => ({ pattern, match: matches[index] ?? '' }))

/** Parts of everything that some pattern looks for. */
const part = fc.constantFrom(
  ...['a', 'Z', '1', '111', '_', '-', '.', ':', '/', '://', '@', '+', '=', ' ', '\n', '"', "'", 'é'],
  ...[
    'bearer',
    'user',
    'host:',
    'password',
    'token=',
    'secret"',
    'api_key',
    'neon.tech',
    '.upstash.io',
    '.sentry.io',
  ],
)
const unit = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''))
const text = fc.array(part, { maxLength: 40 }).map((parts) => parts.join(''))

const length = 1000
const hostile = (repeated: string) => repeated.repeat(length / repeated.length)
/** At most, for each character of the text. */
const maxSteps = 16

describe('what is removed', () => {
  it.each([
    ['Bearer  abc.def-1~2/3=', 'Bearer [redacted]'],
    ['Basic dXNlcjpwYXNz,', 'Basic [redacted],'],
    ['password = hunter2, port', 'password = [redacted], port'],
    ['password=hunter2;port', 'password=[redacted];port'],
    ['PWD="two words" port', 'PWD=[redacted] port'],
    ["passwd='two words' port", 'passwd=[redacted] port'],
    ['{"token":"a b","x":1}', '{"token":[redacted],"x":1}'],
    ['{"token":  "a b"}', '{"token":  [redacted]}'],
    ["{'secret': 'a b'}", "{'secret': [redacted]}"],
    ['secret:hunter2', 'secret:[redacted]'],
    ['apikey=k1 api-key=k2 api_key=k3', 'apikey=[redacted] api-key=[redacted] api_key=[redacted]'],
    ['connect 10.10.20.255:5432 failed', 'connect [redacted] failed'],
    ['connect 10.10.20.255: failed', 'connect [redacted]: failed'],
    ['role "a b" of database: "c"', 'role "[redacted]" of database: "[redacted]"'],
    ['of a.--.b.neon.build', 'of [redacted]'],
  ])('of %j', (text, left) => expect(removeSecretPatterns(text)).toBe(left))

  it.each([
    'column token: expected text, found integer',
    '"token" : 1',
    '"token": 1',
    'token::text <> 0',
    'version 17.10 (ICU 7.6)',
  ])('is nothing of %j', (text) => expect(removeSecretPatterns(text)).toBe(text))
})

describe('the patterns of secrets', () => {
  it('are not tried at an ordinary text', () => {
    const text = 'the table orders has a column that no migration makes'
    const tried = secretPatterns.filter(({ needs }) => needs.some((part) => text.includes(part)))
    expect(tried).toEqual([])
  })

  it.each(samples)(
    'read a hostile text in a time that grows with its length: $pattern',
    ({ pattern, match }) => {
      expect(match.replace(pattern, '')).not.toBe(match)
      const isLinear = (repeated: string) => {
        expect(stepsOf(pattern, `${hostile(repeated)}\n ${match}`)).toBeLessThan(maxSteps * length)
      }
      for (const repeated of [
        'a',
        'a.',
        'a-',
        '-',
        '.',
        '.-',
        'a.--.',
        'a://',
        '://',
        ' ',
        'password= ',
        'user "',
        'bearer ',
      ])
        isLinear(repeated)
      fc.assert(fc.property(unit, isLinear), { numRuns: 100 })
    },
  )

  it('are counted by what notices a pattern that takes the square of the length', () => {
    expect(stepsOf(before.url, `${hostile('a.')}\n http://a`)).toBeGreaterThan(10 * maxSteps * length)
    expect(stepsOf(before.host, `${hostile('a.')}\n a.neon.tech`)).toBeGreaterThan(10 * maxSteps * length)
  })

  it('find the same URLs and hosts as patterns that read each text over and over', () => {
    const [url, , , , host] = secretPatterns.map(({ pattern }) => pattern) as [
      RegExp,
      RegExp,
      RegExp,
      RegExp,
      RegExp,
    ]
    const isSame = (random: string) => {
      expect(random.replace(url, `://${redacted}`)).toBe(random.replace(before.url, `$1://${redacted}`))
      expect(random.replace(host, redacted)).toBe(random.replace(before.host, redacted))
    }
    fc.assert(fc.property(text, isSame), { numRuns: 5000 })
    const name = fc.stringMatching(/^([a-z_-]{0,2}\.{0,2}){0,4}(neon\.tech|upstash\.io)[.a-z-]{0,3}/)
    fc.assert(
      fc.property(fc.array(name, { maxLength: 4 }), (names) => isSame(names.join(''))),
      { numRuns: 5000 },
    )
  })

  it('are all tried where they may find something', () => {
    const isSame = (random: string) =>
      removeSecretPatterns(random) ===
      secretPatterns.reduce((left, { pattern, replacement }) => left.replace(pattern, replacement), random)
    for (const { match } of samples) expect(removeSecretPatterns(match.toUpperCase())).toContain(redacted)
    fc.assert(fc.property(text, isSame), { numRuns: 5000 })
  })
})
