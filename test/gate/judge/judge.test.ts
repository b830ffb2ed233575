import { describe, expect, it } from 'vitest'
import type { Incompatibility } from '../../../src/gate/compatibility/compare.ts'
import type { Problem } from '../../../src/gate/pending/step.ts'
import { type Around, effect, exclusive, findings, judged, levels, live, stepsOf } from './steps.ts'

describe('a statement that Postgres refuses', () => {
  const problem = (each: Problem) => findings(stepsOf([[], { problems: [each] }]))[0]
  it.each<[Problem, object]>([
    [
      { kind: 'fails', message: 'no such table' },
      { level: 'fail', code: 'fails', object: 'one', message: 'fails: no such table' },
    ],
    [
      { kind: 'not_in_transaction', message: 'CONCURRENTLY' },
      {
        level: 'fail',
        code: 'not_in_transaction',
        message: "cannot run in Drizzle's transaction: CONCURRENTLY",
        advice: 'run it by itself before the deploy, outside of the migrations',
      },
    ],
    [
      { kind: 'not_measured', reason: 'an extension' },
      { level: 'warn', code: 'not_measured', message: 'is not measured: an extension' },
    ],
    [
      { kind: 'fails', message: 'unsafe use of new value "b"' },
      { advice: expect.stringContaining('into a later deploy') },
    ],
  ])('%j', (each, expected) => {
    expect(problem(each)).toMatchObject({ statement: { number: 1 }, ...expected })
  })

  it('has no advice where none is known', () => {
    expect(problem({ kind: 'fails', message: 'a table; unsafe use of new value' })).not.toHaveProperty(
      'advice',
    )
  })

  it.each<[string, Around['sizes'], string[]]>([
    ['fails where the table has rows', [live()], ['fail fails public.orders.n']],
    ['warns where nobody knows', 'not asked', ['warn fails public.orders.n']],
    ['warns where nobody has counted', [live({ rows: undefined })], ['warn fails public.orders.n']],
    [
      'warns where the count is none, but there are pages',
      [live({ rows: 0 })],
      ['warn fails public.orders.n'],
    ],
    ['is nothing where the table is empty', [live({ rows: 0, heapBytes: 0 })], []],
  ])('a required column without a default %s', (_, sizes, expected) => {
    expect(levels(stepsOf([[], { required: ['n'] }]), { sizes })).toEqual(expected)
  })

  it('says of a required column how large the table is', () => {
    const message = (sizes: Around['sizes']) =>
      findings(stepsOf([[], { required: ['n'] }]), { sizes })[0]?.message
    expect(message([live()])).toBe(
      'fails: public.orders.n is NOT NULL without a default, and the table has 8.2 kB of rows',
    )
    expect(message('not asked')).toBe(
      'fails when the table has a row: public.orders.n is NOT NULL without a default, and the table has an unknown number of rows',
    )
  })
})

it.each([
  [0, []],
  [1, ['1 statement is not measured: --skip leaves it out']],
  [2, ['2 statements are not measured: --skip leaves them out']],
])('%i statements that --skip leaves out are said', (skipped, messages) => {
  const found = findings([], { skipped })
  expect(found.map(({ message }) => message)).toEqual(messages)
  for (const each of found)
    expect(each).toMatchObject({ level: 'warn', code: 'not_measured', object: '--skip' })
})

describe('what a release misses', () => {
  const missing = (more: Partial<Incompatibility>, migration = 'one') => ({
    release: 'running' as const,
    isCertain: true,
    object: 'public.orders.total',
    what: 'is dropped',
    migration,
    ...more,
  })
  it('fails where it is certain, and warns where it is not', () => {
    expect(findings([], { incompatibilities: [missing({})] })).toEqual([
      {
        level: 'fail',
        code: 'breaks_running_release',
        object: 'public.orders.total',
        message: 'the running release breaks: public.orders.total is dropped',
        advice: 'deploy the release that does not use it first, and migrate in a later deploy',
      },
    ])
    expect(findings([], { incompatibilities: [missing({ isCertain: false })] })).toEqual([
      {
        level: 'warn',
        code: 'breaks_running_release',
        object: 'public.orders.total',
        message: 'the running release may break: public.orders.total is dropped',
      },
    ])
  })

  it('passes where only the new release needs it', () => {
    expect(findings([], { incompatibilities: [missing({ release: 'new', what: 'is added' })] })).toEqual([
      {
        level: 'pass',
        code: 'needs_first',
        object: 'public.orders.total',
        message: 'the new release needs it first: public.orders.total is added',
      },
    ])
  })

  it('is advised to be split where neither order works', () => {
    const both = [missing({}), missing({ release: 'new' })]
    expect(findings([], { incompatibilities: both })[0]?.advice).toContain(
      'neither order works without a gap',
    )
    const unsure = [missing({ isCertain: false }), missing({ release: 'new' })]
    expect(findings([], { incompatibilities: unsure })[0]).not.toHaveProperty('advice')
  })

  it('is said of the migration that makes it so', () => {
    const found = judged([], { tags: ['one', 'two'], incompatibilities: [missing({}, 'two')] })
    expect([found.get('one')?.length, found.get('two')?.length]).toEqual([0, 1])
  })
})

it('findings stand in the order of their statements', () => {
  const steps = stepsOf(
    [[], { problems: [{ kind: 'fails', message: 'x' }] }],
    [[effect({ scanned: true }), effect(exclusive, 'other')]],
    [[], { problems: [{ kind: 'fails', message: 'y' }] }],
  )
  expect(findings(steps, { skipped: 1 }).map(({ statement }) => statement?.number)).toEqual([
    1,
    2,
    2,
    3,
    undefined,
  ])
})
