import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/check.ts'
import { decodeSnapshot, encodeSnapshot, maxSnapshotBytes } from '../../src/store/snapshot.ts'

const seal = { key: 'edge-health:shop:snapshot', token: 'planted-health-token', configuration: 'abc' }
const now = 1_795_340_472_531
const result = (more: Partial<Result> = {}): Result => ({
  checker: 'database',
  status: 'pass',
  code: 'ok',
  output: 'database ok',
  timestamp: now,
  expires: now + 27_000,
  responseTime: 12.431,
  ...more,
})
const read = async (text: string, by = seal) => {
  const snapshot = await decodeSnapshot(text, by)
  return snapshot.kind === 'results' ? snapshot.results : snapshot.kind
}

describe('a snapshot', () => {
  it('holds results as they were, but for what was thrown', async () => {
    const kept = [
      result({ details: { workers: ['a'] } }),
      result({ checker: 'celery', status: 'fail', code: 'timeout', output: 'celery é', causedBy: 'redis' }),
    ]
    const text = await encodeSnapshot(
      [result({ ...kept[0], cause: new Error('x') }), kept[1] as Result],
      seal,
    )
    expect(await read(text)).toEqual(kept)
  })

  it('is not believed when it was signed by somebody else, changed, or copied from another key', async () => {
    const text = await encodeSnapshot([result({ status: 'fail', code: 'timeout' })], seal)
    expect(await read(await encodeSnapshot([result()], { ...seal, token: 'another-health-token' }))).toBe(
      'forged',
    )
    expect(await read(await encodeSnapshot([result()], { ...seal, token: undefined as never }))).toBe(
      'forged',
    )
    expect(await read(text.replace('"fail"', '"pass"'))).toBe('forged')
    expect(await read(await encodeSnapshot([result()], { ...seal, key: 'edge-health:other:snapshot' }))).toBe(
      'forged',
    )
  })

  it.each([
    ['1 MB', 'x'.repeat(1_000_000)],
    ['a large JSON', `1..["abc",${JSON.stringify([...Array(500)].map(() => ['database']))}]`],
    ['wrong JSON', '1..["abc",[['],
    ['another form', '1..{"results":[]}'],
    ['no form', 'PONG'],
    ['wrong types', '1..["abc",[["database","pass","ok","database ok","now",null,0,null,null]]]'],
    ['a wrong status', '1..["abc",[["database","fine","ok","database ok",1,2,0,null,null]]]'],
    ['a wrong code', '1..["abc",[["database","pass","<b>","database ok",1,2,0,null,null]]]'],
  ])('is not believed when it is %s, signed or not', async (_what, text) => {
    expect(await read(text)).toBe('forged')
    expect(await read(text, { ...seal, token: undefined as never })).toBe('forged')
  })

  it('of another version or configuration is as if it were absent', async () => {
    const text = await encodeSnapshot([result()], seal)
    expect(await read(text.replace(/^1/, '2'))).toBe('absent')
    expect(await read(text, { ...seal, configuration: 'def' })).toBe('absent')
    expect(await read('')).toBe('absent')
  })

  it('without a token is not signed, and its sentences are still fit for the public', async () => {
    const open = { ...seal, token: undefined }
    const text = await encodeSnapshot([result({ output: 'failure\nof all' })], open)
    expect(await decodeSnapshot(text, open)).toMatchObject({ kind: 'results' })
    expect(await read(text, open as never)).toEqual([result()])
  })

  it('never is larger than 4 kB: details are left out, the longest first, then results', async () => {
    const many = Array.from({ length: 12 }, (_, index) =>
      result({ checker: `check-${index}`, details: { lines: 'ü'.repeat(index * 100) } }),
    )
    const text = await encodeSnapshot(many, seal)
    expect(new TextEncoder().encode(text).byteLength).toBeLessThanOrEqual(maxSnapshotBytes)
    const found = (await read(text)) as Result[]
    expect(found).toHaveLength(12)
    expect(found[0]?.details).toEqual({ lines: '' })
    expect(found[11]?.details).toEqual({ omitted: expect.stringContaining('fresh') })

    const crowd = Array.from({ length: 100 }, (_, index) => result({ checker: `check-${index}` }))
    const some = (await read(await encodeSnapshot(crowd, seal))) as Result[]
    expect(some.length).toBeGreaterThan(20)
    expect(some.length).toBeLessThan(100)
  })
})
