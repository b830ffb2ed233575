import { describe, expect, it } from 'vitest'
import { type ExpectedPart, writeObject } from '../../../../src/checks/migrations/expected-schema.ts'
import { differ, fixed, free } from './differ.ts'

describe('a sequence', () => {
  const options = 'as integer start 1 increment 1 minvalue 1 maxvalue 9 cache 1'
  const sequence = (sides: { expected?: string; found?: string }, name = 'public.n') =>
    differ('sequence', name, sides, free)

  it('is made with a note that it starts anew', () => {
    expect(fixed(sequence({ expected: options }))).toEqual([
      `CREATE SEQUENCE public.n ${options} /* it starts anew: set it behind the numbers in use, with setval() */`,
    ])
  })

  it('is not made where it belongs to a column, or where an extra one may have its numbers', () => {
    expect(fixed(sequence({ expected: `${options} owned by public.orders.n` }))).toBeUndefined()
    expect(fixed(sequence({ expected: options }), [sequence({ found: options }, 'public.m')])).toBeUndefined()
  })

  it.each([
    ['an extra one with other options', sequence({ found: `${options} cycle` }, 'public.m')],
    ['a missing one', sequence({ expected: options }, 'public.m')],
    ['an extra index', differ('index', 'public.m', { found: options })],
  ])('is made beside %s', (_, other) => {
    expect(fixed(sequence({ expected: options }), [other])).toHaveLength(1)
  })

  it('gets its options back, and is never dropped', () => {
    expect(fixed(sequence({ expected: options, found: `${options} cycle` }))).toEqual([
      `ALTER SEQUENCE public.n ${options} no cycle`,
    ])
    expect(fixed(sequence({ expected: `${options} cycle`, found: options }))).toEqual([
      `ALTER SEQUENCE public.n ${options} cycle`,
    ])
    expect(fixed(sequence({ found: options }))).toBeUndefined()
  })
})

describe('a routine', () => {
  const text = (body: string, result = 'integer') =>
    `CREATE OR REPLACE FUNCTION public.f()\n RETURNS ${result}\n LANGUAGE sql\nAS $$${body}$$\n`
  const place = { part: 'public.f()', partKind: 'routine' } as const
  const routine = (sides: { expected?: string; found?: string }) => differ('routine', '', sides, place)

  it('is made anew where only its body differs', () => {
    expect(fixed(routine({ expected: text('select 1'), found: text('select 2') }))).toEqual([
      text('select 1').trim(),
    ])
    expect(fixed(routine({ expected: text('select 1'), found: text('select 2', 'bigint') }))).toBeUndefined()
  })

  it('that is missing as a whole has its definition in the expected schema', () => {
    const { expected: _, ...missing } = { ...routine({ expected: '' }), difference: 'missing' as const }
    const object = writeObject({ kind: 'routine', name: '', definition: text('select 1') })
    const part: ExpectedPart = {
      part: 'public.f()',
      kind: 'routine',
      digests: [],
      objectDigests: '',
      objects: [object],
    }
    const other = { ...part, part: 'public.g()', objects: [] }
    expect(fixed(missing, [], [other, part])).toEqual([text('select 1').trim()])
    expect(fixed(missing, [], [other])).toBeUndefined()
  })

  it('is made without a look at its body where something else is missing, which that may need', () => {
    const one = routine({ expected: text('select 1'), found: text('select 2') })
    const made = text('select 1').trim()
    expect(fixed(one, [differ('column', 'n', { expected: 'integer' })])).toEqual([
      'SET LOCAL check_function_bodies = off',
      made,
    ])
    expect(fixed(one, [differ('column', 'n', { found: 'integer' })])).toEqual([made])
  })

  it('is not made where it is an aggregate, and is never dropped', () => {
    expect(fixed(routine({ expected: 'aggregate integer', found: 'aggregate bigint' }))).toBeUndefined()
    expect(fixed(routine({ found: text('select 1') }))).toBeUndefined()
  })
})
