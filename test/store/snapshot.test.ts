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

  const row: readonly unknown[] = ['database', 'pass', 'ok', 'database ok', 1, 2, 0, null, null]
  const unsigned = (...payload: unknown[]) => `1..${JSON.stringify(payload)}`
  const withRow = (at: number, value: unknown) => unsigned('abc', [row.with(at, value)], 0, 0)
  const wrongForm = 'not of the expected form'

  it.each([
    ['1 MB', 'x'.repeat(1_000_000), 'more than 4096 bytes'],
    ['a large JSON', withRow(3, 'x'.repeat(4096)), 'more than 4096 bytes'],
    ['no form', 'PONG', 'not a snapshot'],
    ['behind something else', `x${unsigned('abc', [row], 0, 0)}`, 'not a snapshot'],
    ['wrong JSON', '1..["abc",[[', wrongForm],
    ['another form', '1..{"results":[]}', wrongForm],
    ['without moments', unsigned('abc', [row]), wrongForm],
    ['without a result', unsigned('abc', [[]], 0, 0), wrongForm],
    ['a name of two words', withRow(0, 'data base'), wrongForm],
    ['a name that begins with a number', withRow(0, '1database'), wrongForm],
    ['a name that is too long', withRow(0, 'x'.repeat(101)), wrongForm],
    ['a name that is not a text', withRow(0, 7), wrongForm],
    ['a wrong status', withRow(1, 'fine'), wrongForm],
    ['a wrong code', withRow(2, '<b>'), wrongForm],
    ['a time that is a text', withRow(4, 'now'), wrongForm],
    ['a time that is not known', withRow(5, null), wrongForm],
    ['a cause that is not a text', withRow(7, 7), wrongForm],
    ['details that are a text', withRow(8, 'secret'), wrongForm],
  ])('is not believed when it is or has %s, signed or not', async (_what, text, reason) => {
    expect(await read(text)).toBe('forged')
    expect(await decodeSnapshot(text, { ...seal, token: undefined })).toEqual({ kind: 'forged', reason })
  })

  it('says why it is not believed when its signature is wrong', async () => {
    expect(await decodeSnapshot(unsigned('abc', [row], 0, 0), seal)).toEqual({
      kind: 'forged',
      reason: 'its signature is wrong',
    })
  })

  it.each(['pass', 'warn', 'fail'])('is believed with the status %s', async (status) => {
    expect(await decodeSnapshot(withRow(1, status), { ...seal, token: undefined })).toMatchObject({
      results: [{ checker: 'database', status }],
    })
  })

  it('of another version or configuration is as if it were absent', async () => {
    const text = await encodeSnapshot([result()], seal)
    expect(await read(text.replace(/^1/, '2'))).toBe('absent')
    expect(await read(text.replace(/^1/, '12'))).toBe('absent')
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

  it('has fewer results where those without their details are too many', async () => {
    const crowd = Array.from({ length: 100 }, (_, index) =>
      result({ checker: `check-${index}`, details: { lines: 'x'.repeat(200) } }),
    )
    const some = (await read(await encodeSnapshot(crowd, seal))) as Result[]
    expect(some.length).toBeGreaterThan(10)
    expect(some.length).toBeLessThan(100)
  })

  it('has what fits to the last byte', async () => {
    const open = { ...seal, token: undefined }
    for (const by of [seal, open]) {
      const signatureBytes = 43
      const bytes = (await encodeSnapshot([result({ output: '' })], open)).length + signatureBytes
      const ofBytes = (length: number) =>
        encodeSnapshot([result({ output: 'x'.repeat(length - bytes) })], by).then((text) =>
          read(text, by as never),
        )
      expect(await ofBytes(maxSnapshotBytes)).toHaveLength(1)
      expect(await ofBytes(maxSnapshotBytes + 1)).toEqual([])
    }
  })

  it('has no result that a deadline cut short', async () => {
    const cut = result({ checker: 'redis', status: 'fail', code: 'timeout', isCutShort: true })
    expect(await read(await encodeSnapshot([cut, result()], seal))).toEqual([result()])
  })
})
