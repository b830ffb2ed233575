import { describe, expect, it } from 'vitest'
import { milder, worst } from '../../../src/gate/judge/finding.ts'
import { defaultFailAt, defaultWarnAt, type Work } from '../../../src/gate/judge/thresholds.ts'
import type { Effect } from '../../../src/gate/measure/effect.ts'
import type { LiveRelation } from '../../../src/gate/production/sizes.ts'
import { effect, exclusive, findings, levels, live, share, stepsOf } from './steps.ts'

it('of several levels the worst counts, and one step milder than a pass is a pass', () => {
  expect([worst([]), worst(['pass', 'warn']), worst(['warn', 'fail', 'pass'])]).toEqual([
    'pass',
    'warn',
    'fail',
  ])
  expect((['pass', 'warn', 'fail'] as const).map(milder)).toEqual(['pass', 'pass', 'warn'])
})

describe('how bad work is', () => {
  const all: readonly [Work, Partial<Effect>, (much: number) => Partial<LiveRelation>, string][] = [
    [
      'rewrite',
      { rewritten: true },
      (much) => ({ heapBytes: much - 3, toastBytes: 2, indexBytes: 1 }),
      'rewrites',
    ],
    ['scan', { scanned: true }, (much) => ({ heapBytes: much, toastBytes: 1e12 }), 'reads_all'],
    ['build', { indexesBuilt: 1 }, (much) => ({ rows: much }), 'builds_index'],
    ['rows', { changesRows: true }, (much) => ({ rows: much }), 'changes_rows'],
  ]
  it.each(all)('%s: by how much there is, where reads wait', (work, does, sizeOf, code) => {
    const level = (much: number) =>
      levels(stepsOf([[effect({ ...does, ...exclusive })]]), { sizes: [live(sizeOf(much))] })
    const said = (what: string) => [`${what} ${code} public.orders`]
    expect(level(defaultWarnAt[work] - 1)).toEqual(said('pass'))
    expect(level(defaultWarnAt[work])).toEqual(said('warn'))
    expect(level(defaultFailAt[work] - 1)).toEqual(said('warn'))
    expect(level(defaultFailAt[work])).toEqual(said('fail'))
  })

  it('is one step milder where only writes wait, and nothing where nobody waits', () => {
    const sizes = [live({ heapBytes: 1e12 })]
    expect(levels(stepsOf([[effect({ rewritten: true, ...share })]]), { sizes })).toEqual([
      'warn rewrites public.orders',
    ])
    expect(levels(stepsOf([[effect({ rewritten: true })]]), { sizes })).toEqual([
      'pass rewrites public.orders',
    ])
  })

  it('is that of what an INSERT adds and not of the table, also where nobody knows how much that is', () => {
    const adding = stepsOf([
      [effect({ changesRows: true })],
      { text: 'insert into orders select * from other' },
    ])
    const level = (options: Parameters<typeof levels>[1]) => levels(adding, options)
    expect(level({ sizes: 'not asked' })).toEqual(['warn changes_rows public.orders'])
    expect(level({ sizes: [live({ rows: 1e9 })] })).toEqual(['warn changes_rows public.orders'])
    expect(level({ sizes: [live({ rows: 1e9 }), live({ name: 'public.other', rows: 1 })] })).toEqual([
      'pass changes_rows public.orders',
    ])
  })

  it('is that of the reading where it fills a table that the same deploy makes, and only there', () => {
    const reads = effect({ scanned: true, ...exclusive }, 'other')
    const sizes = [live({ name: 'public.other', heapBytes: 1e12 }), live()]
    for (const text of [
      'insert into made select * from other',
      'WITH o AS (SELECT) INSERT INTO made TABLE o',
    ])
      expect(levels(stepsOf([[reads], { text }]), { sizes })).toEqual(['fail reads_all public.other'])
    const fills = [reads, effect({ changesRows: true })]
    expect(levels(stepsOf([fills, { text: 'insert into orders select * from other' }]), { sizes })).toEqual([
      'pass changes_rows public.orders',
      'pass blocks public.other',
    ])
    expect(levels(stepsOf([[reads], { text: 'update made set a = 1 from other' }]), { sizes })).toEqual([
      'pass blocks public.other',
    ])
  })

  it('is that of the reading also where the table that is read has the name of the new one', () => {
    const reads = effect({ scanned: true, ...exclusive }, 'made')
    const relation = { ...reads.relation, schema: 'old' }
    const steps = stepsOf([[{ ...reads, relation }], { text: 'insert into made select * from old.made' }])
    const sizes = [live({ name: 'old.made', heapBytes: 1e12, rows: 5 })]
    expect(levels(steps, { sizes })).toEqual(['fail reads_all old.made'])
  })

  it('is as it is for changed rows, which stay locked anyhow', () => {
    expect(levels(stepsOf([[effect({ changesRows: true })]]), { sizes: [live({ rows: 1e9 })] })).toEqual([
      'fail changes_rows public.orders',
    ])
  })

  it('is a warning where the size is not known, because production was not asked or nobody has counted', () => {
    const build = stepsOf([[effect({ indexesBuilt: 1, ...exclusive })]])
    expect(levels(build, { sizes: 'not asked' })).toEqual(['warn builds_index public.orders'])
    expect(levels(build, { sizes: [live({ rows: undefined })] })).toEqual(['warn builds_index public.orders'])
    expect(levels(build, { sizes: [live({ rows: undefined, heapBytes: 0 })] })).toEqual([
      'pass builds_index public.orders',
    ])
  })

  it('is that of the heaviest work of one statement, and a DML statement reads what its plan says', () => {
    const everything = { rewritten: true, indexesBuilt: 2, changesRows: true, scanned: true }
    const code = (more: Partial<Effect>, text?: string) =>
      findings(stepsOf([[effect(more)], text ? { text } : {}])).map((each) => each.code)
    expect(code(everything)).toEqual(['rewrites'])
    expect(code({ ...everything, rewritten: false })).toEqual(['builds_index'])
    expect(code({ changesRows: true, scanned: true })).toEqual(['changes_rows'])
    expect(code({ scanned: true }, 'update orders set a = 1')).toEqual([])
    expect(code({})).toEqual([])
  })

  it('says how much there is, as far as it is known', () => {
    const [one] = findings(stepsOf([[effect({ indexesBuilt: 2 })]]), {
      sizes: [live({ heapBytes: 1, toastBytes: 2, indexBytes: 3, rows: 4 })],
    })
    expect(one).toMatchObject({
      statement: { number: 1, text: 'alter table s1' },
      amount: { heapBytes: 1, toastBytes: 2, indexBytes: 3, rows: 4, indexes: 2 },
    })
    const [other] = findings(stepsOf([[effect({ rewritten: true })]]), { sizes: 'not asked' })
    expect(other?.amount).toEqual({})
  })

  it('that is done twice in one transaction is advised to be done once', () => {
    const steps = stepsOf([[effect({ rewritten: true, ...exclusive })]], [[effect({ rewritten: true })]])
    const [first, second] = findings(steps, { sizes: [live({ heapBytes: 1e12 })] })
    expect(first?.advice).toBeUndefined()
    expect(second?.advice).toContain('rewrite it once')
    expect(second).not.toHaveProperty('saferSql')
  })
})
