import { describe, expect, it } from 'vitest'
import { type ExpectedPart, writeObject } from '../../../../src/checks/migrations/expected-schema.ts'
import { differingParts, readDiffering } from '../../../../src/checks/migrations/queries/differing.ts'

const table = (name: string, ...digests: string[]): ExpectedPart => ({
  part: `public.${name}`,
  kind: 'table',
  digests,
  objectDigests: `${name}1 ${name}2/${name}2b ${name}3`,
  objects: [
    writeObject({ kind: 'column', name: 'id', definition: 'integer' }),
    writeObject({ kind: 'column', name: 'total', definition: 'numeric' }),
    writeObject({ kind: 'table', name: '', definition: '' }),
  ],
})
const [a, b, c] = [table('a', 'a1', 'a2'), table('b', 'b1'), table('c', 'c1')] as const

describe('the parts that differ', () => {
  it('are those of which no accepted digest is live, and the live ones that nobody accepts', () => {
    expect(differingParts([a, b, c], 'a2 x c1')).toEqual({ expected: [b], live: ['x'] })
  })

  it('are all where nothing is live', () => {
    expect(differingParts([a, b], '')).toEqual({ expected: [a, b], live: [] })
  })

  it('are none where every digest is an accepted one', () => {
    expect(differingParts([a, b], 'a1 b1')).toEqual({ expected: [], live: [] })
  })
})

describe('the answer', () => {
  const read = (answer: object) =>
    readDiffering(
      { answer: JSON.stringify({ changed: [], left_out: [], extra: [], more_extra: 0, ...answer }) },
      { expected: [a, b, c], live: [] },
    )

  it('reports changed parts by their differing objects, and what is not reported is missing', () => {
    const changed = [[1, [['column', 'id', 'bigint']], [0]]]
    expect(read({ changed, left_out: [2] })).toEqual({
      missing: [a],
      changed: [
        {
          part: b,
          expected: [{ kind: 'column', name: 'id', definition: 'integer' }],
          live: [{ kind: 'column', name: 'id', definition: 'bigint' }],
        },
      ],
      extra: [],
      leftOut: [c],
      moreExtra: 0,
    })
  })

  it('that is no JSON is a wrong one', () => {
    expect(() => readDiffering(undefined, { expected: [], live: [] })).toThrow(
      expect.objectContaining({ code: 'wrong_answer' }),
    )
  })
})
