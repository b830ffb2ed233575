import { describe, expect, it, vi } from 'vitest'
import { createScrub, createSecretRemover, scrubValue } from '../../src/core/scrub.ts'
import { Verbatim } from '../../src/core/verbatim.ts'

const password = 'planted-password-7f3a'
const secrets = [`postgres://shop:${password}@db.example.com/shop`, password, 'db.example.com', 'public']

const scrubbed = (value: unknown) => scrubValue(value, createScrub(secrets), createSecretRemover(secrets))

describe('a text that is kept as it is', () => {
  it.each([
    "CHECK ((website ~~ 'https://%'::text))",
    "text default 'https://shop.example.org/logo.png'",
    "inet default '192.168.0.1'",
    "((token = current_setting('app.token'::text)))",
    `CREATE FUNCTION public.f() … '{"token": "", "password": "x"}'`,
    'ALTER TABLE public.orders ADD COLUMN token text',
  ])('is not changed by what only looks like a secret: %s', (definition) => {
    expect(scrubbed({ found: new Verbatim(definition) })).toEqual({ found: definition })
    expect(scrubbed({ found: new Verbatim(definition, { no_fix: 'a reason' }) })).toEqual({
      found: definition,
    })
  })

  it('is known when another copy of this package has made it', async () => {
    vi.resetModules()
    const { Verbatim: OfAnotherCopy } = await import('../../src/core/verbatim.ts')
    expect(OfAnotherCopy).not.toBe(Verbatim)
    const fix = new OfAnotherCopy(`SET DEFAULT '${password}'`, { no_fix: 'a reason' })
    expect(scrubbed({ found: new OfAnotherCopy("inet default '192.168.0.1'"), fix })).toEqual({
      found: "inet default '192.168.0.1'",
      no_fix: 'a reason',
    })
  })

  it('loses the secrets of the configuration, wherever they stand', () => {
    expect(scrubbed([new Verbatim(`default '${password}'`), new Verbatim(`x ${btoa(password)} y`)])).toEqual([
      "default '[redacted]'",
      'x [redacted] y',
    ])
    expect(scrubbed(new Verbatim(`host=db.example.com`))).toBe('host=[redacted]')
  })

  it('keeps a longer word that only begins with a secret, and a secret that is an ordinary word', () => {
    expect(scrubbed(new Verbatim(`${password}s`))).toBe(`${password}s`)
    expect(scrubbed(new Verbatim('public.orders'))).toBe('public.orders')
  })

  it('is left out where a secret would be removed from it, with a word why in its place', () => {
    const fix = new Verbatim(`ALTER TABLE t ALTER COLUMN c SET DEFAULT '${password}'`, { no_fix: 'a reason' })
    expect(scrubbed({ kind: 'column', fix })).toEqual({ kind: 'column', no_fix: 'a reason' })
  })

  it('is still bounded', () => {
    expect(scrubbed(new Verbatim('x'.repeat(9000)))).toHaveLength(2000)
  })

  it('is scrubbed as any other text where no other way is named', () => {
    expect(scrubValue(new Verbatim('https://x'), createScrub([]))).toBe('https://[redacted]')
  })

  it('is a text in JSON', () => {
    expect(JSON.stringify({ a: new Verbatim('b') })).toBe('{"a":"b"}')
  })
})
