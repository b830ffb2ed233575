import { expect, it } from 'vitest'
import { leaksIn } from './leaks.ts'

const planted = [{ name: 'the secret', value: 'a/planted-secret?' }]

it('finds a secret in a text, however it is encoded', () => {
  const value = planted[0]?.value ?? ''
  for (const text of [
    value,
    encodeURIComponent(value),
    encodeURIComponent(encodeURIComponent(value)),
    Buffer.from(value).toString('hex'),
    Buffer.from(`x${value}`).toString('base64'),
    Buffer.from(`xy${value}z`).toString('base64'),
    Buffer.from(`xyz${value}zz`).toString('base64url'),
    value.toUpperCase(),
  ]) {
    expect(leaksIn(`before ${text} after`, planted).length, text).toBeGreaterThan(0)
  }
})

it('says what was found and never the secret itself', () => {
  expect(leaksIn('a/planted-secret?', planted)).toContain('the secret, as it is')
})

it('finds nothing where nothing is', () => {
  expect(leaksIn('a/planted-[redacted] YS9wbGFu', planted)).toEqual([])
})
