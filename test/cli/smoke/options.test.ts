import { expect, test } from 'vitest'
import { readSmokeOptions, type SmokeArguments } from '../../../src/cli/smoke/options.ts'
import { UsageError } from '../../../src/cli/usage-error.ts'

const token = 'kzlq-83hf-secret-token'

const read = (words: Partial<SmokeArguments>) =>
  readSmokeOptions({
    url: 'https://health.example.com/health-check',
    timeout: '120s',
    interval: '2s',
    consecutive: '2',
    check: [],
    header: [],
    ...words,
  })

test('times, counts and the release become what the polling needs', () => {
  expect(
    read({ timeout: '3m', interval: '500ms', consecutive: '3', expectRelease: '4f2a91c' }),
  ).toMatchObject({
    timeoutMs: 180_000,
    intervalMs: 500,
    consecutive: 3,
    release: '4f2a91c',
  })
})

test('a plain number is seconds', () => {
  expect(read({ timeout: '90' }).timeoutMs).toBe(90_000)
})

test.each([
  ['https://health.example.com', 'https://health.example.com/health-check'],
  ['https://health.example.com/', 'https://health.example.com/health-check'],
  ['https://health.example.com/api/health-check', 'https://health.example.com/api/health-check'],
  ['https://health.example.com/health-check?a=b#c', 'https://health.example.com/health-check?a=b'],
])('%s asks %s', (url, asked) => {
  expect(read({ url }).url.href).toBe(asked)
})

test('a token asks for fresh results and travels in a header only', () => {
  const { url, headers } = read({ token })
  expect(url.searchParams.has('fresh')).toBe(true)
  expect(headers.get('authorization')).toBe(`Bearer ${token}`)
  expect(url.href).not.toContain(token)
})

test('without a token nothing fresh is asked for', () => {
  const { url, headers } = read({})
  expect(url.search).toBe('')
  expect(headers.has('authorization')).toBe(false)
})

test('names of checks may be listed, repeated and spaced', () => {
  const { url, checks } = read({ check: ['database, redis', 'celery,'] })
  expect(checks).toEqual(['database', 'redis', 'celery'])
  expect(url.searchParams.get('check')).toBe('database,redis,celery')
})

test('headers may be repeated and hold colons', () => {
  const { headers } = read({
    header: ['Cloudflare-Workers-Version-Overrides: health="v:1"', 'X-A: 1', 'X-A: 2'],
  })
  expect(headers.get('cloudflare-workers-version-overrides')).toBe('health="v:1"')
  expect(headers.get('x-a')).toBe('1, 2')
})

test.each<[string, Partial<SmokeArguments>, RegExp]>([
  ['no address', { url: 'health.example.com' }, /must begin with https/],
  ['another protocol', { url: 'redis://health.example.com' }, /must begin with https/],
  ['a password in the address', { url: `https://user:${token}@health.example.com` }, /must not hold a user/],
  ['a token over plain HTTP', { url: 'http://health.example.com', token }, /plain text/],
  ['a token with a line break', { token: `${token}\nx` }, /^The token cannot be sent/],
  ['a header without a colon', { header: [token] }, /--header number 1 cannot be sent/],
  ['a header with a line break', { header: ['X-A: 1', `X-B: ${token}\r\nX-C: 1`] }, /--header number 2/],
  ['an endless timeout', { timeout: '2h' }, /--timeout expects a time/],
  ['no timeout', { timeout: '0' }, /--timeout expects a time/],
  ['a negative interval', { interval: '-1s' }, /--interval expects a time/],
  ['half a proof', { consecutive: '1.5' }, /--consecutive expects a whole number/],
  ['no proof', { consecutive: '0' }, /--consecutive expects a whole number/],
])('%s is refused without repeating a secret', (_what, words, message) => {
  let refusal: unknown
  try {
    read(words)
  } catch (error) {
    refusal = error
  }
  expect(refusal).toBeInstanceOf(UsageError)
  expect((refusal as UsageError).message).toMatch(message)
  expect((refusal as UsageError).message).not.toContain(token)
})

test('a token may travel unencrypted on this machine', () => {
  for (const host of ['127.0.0.1:8787', 'localhost:8787', '[::1]:8787']) {
    expect(read({ url: `http://${host}`, token }).url.host).toBe(host)
  }
})
