import { describe, expect, it } from 'vitest'
import {
  allowFile,
  applyAllowances,
  expiredAllowances,
  parseAllow,
  parseAllowFile,
} from '../../src/gate/allow.ts'
import type { GateFinding } from '../../src/gate/judge/finding.ts'

const finding: GateFinding = {
  level: 'fail',
  code: 'rewrites',
  object: 'public.t',
  message: 'rewrites public.t',
}
const reason = 'at night, with nobody there'

describe('an accepted finding', () => {
  it('passes with its reason', () => {
    const allowance = { code: 'rewrites', object: 'public.t', reason, migration: 'one' }
    expect(applyAllowances(finding, 'one', [allowance])).toEqual({
      ...finding,
      level: 'pass',
      allowed: reason,
    })
  })

  it.each([
    ['another object', { object: 'public.u' }],
    ['another code', { code: 'blocks' }],
    ['another migration', { migration: 'two' }],
  ])('is not one of %s', (_, other) => {
    const allowance = { code: 'rewrites', object: 'public.t', reason, migration: 'one', ...other }
    expect(applyAllowances(finding, 'one', [allowance])).toBe(finding)
  })

  it('of the command line is for every migration of this run', () => {
    const allowance = { code: 'rewrites', object: 'public.t', reason, migration: undefined }
    expect(applyAllowances(finding, 'two', [allowance])).toMatchObject({ level: 'pass', allowed: reason })
  })

  it('is not said of what passes anyhow', () => {
    const allowance = { code: 'rewrites', object: 'public.t', reason, migration: 'one' }
    const passes = { ...finding, level: 'pass' } as const
    expect(applyAllowances(passes, 'one', [allowance])).toBe(passes)
  })

  it('expires when its migration is not pending any more', () => {
    const [one, two] = ['one', 'two'].map((migration) => ({
      code: 'rewrites',
      object: 'public.t',
      reason,
      migration,
    }))
    const named = { code: 'rewrites', object: 'public.t', reason, migration: undefined }
    expect(
      expiredAllowances(
        [one, two, named].flatMap((each) => each ?? []),
        ['two'],
      ),
    ).toEqual([one])
  })
})

describe('the file', () => {
  it('is a list with reasons', () => {
    expect(
      parseAllowFile(JSON.stringify([{ allow: 'rewrites:public.t', migration: '0001_x', reason }])),
    ).toEqual([{ code: 'rewrites', object: 'public.t', migration: '0001_x', reason }])
  })

  it.each([
    ['not JSON', '{', 'it is not valid JSON'],
    ['no reason', [{ allow: 'rewrites:public.t', migration: 'x' }], 'reason'],
    ['another form', { allow: 'rewrites:public.t' }, 'the file: '],
    ['an entry of another form', [1], '0: '],
    [
      'no object',
      [{ allow: 'rewrites:', migration: 'x', reason }],
      'of the codes rewrites, reads_all, builds',
    ],
    ['a reason that says nothing', [{ allow: 'rewrites:public.t', migration: 'x', reason: 'ok' }], 'reason'],
    ['a code that is not one', [{ allow: 'rewrite:public.t', migration: 'x', reason }], 'rewrite:public.t'],
    [
      'a field that is not known',
      [{ allow: 'rewrites:public.t', migration: 'x', reason, until: '2027' }],
      'until',
    ],
  ])('is refused with %s', (_, content, word) => {
    expect(() => parseAllowFile(typeof content === 'string' ? content : JSON.stringify(content))).toThrow(
      word,
    )
  })

  it('is where the documents say', () => {
    expect(allowFile).toBe('.edge-health/gate-allow.json')
  })

  it('an object may hold a colon', () => {
    expect(parseAllow('fails:public."a:b"')).toEqual({ code: 'fails', object: 'public."a:b"' })
  })
})
