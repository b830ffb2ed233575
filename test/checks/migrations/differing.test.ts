import { describe, expect, it } from 'vitest'
import { differingParts, readDiffering } from '../../../src/checks/migrations/differing.ts'
import type { ExpectedPart } from '../../../src/checks/migrations/expected.ts'
import { digestLength, joinDigests } from '../../../src/checks/migrations/sorted-digests.ts'

const table = (name: string, ...digests: string[]): ExpectedPart => ({
  part: `public.${name}`,
  digests,
  objectDigests: `${name}1 ${name}2/${name}2b ${name}3`,
  objects: [
    ['column', 'id', 'integer'],
    ['column', 'total', 'numeric'],
    ['table', '', ''],
  ],
})
const digest = (text: string) => text.padEnd(digestLength, '0')
const [a, b, c] = [
  table('a', digest('a1'), digest('a2')),
  table('b', digest('b1')),
  table('c', digest('c1')),
] as const

const differ = (parts: readonly ExpectedPart[], live: readonly string[]) =>
  differingParts(
    { parts, partDigests: joinDigests(parts.map(({ digests }) => digests[0] as string)) },
    joinDigests(live.toSorted()),
  )

describe('the parts that differ', () => {
  it('are those of which no accepted digest is live, and the live ones that nobody accepts', () => {
    expect(differ([a, b, c], [digest('a2'), digest('x'), digest('c1')])).toEqual({
      expected: [b],
      live: [digest('x')],
    })
  })

  it('are none where every digest is an accepted one', () => {
    expect(differ([a, b], [digest('a1'), digest('b1')])).toEqual({ expected: [], live: [] })
  })
})

describe('the answer', () => {
  const read = (answer: object) =>
    readDiffering(
      { answer: JSON.stringify({ changed: [], left_out: [], extra: [], more_extra: 0, ...answer }) },
      { expected: [a, b, c], live: [] },
    )

  it('tells changed parts by their differing objects, and what is not told is missing', () => {
    const changed = [[1, [['column', 'id', 'bigint']], [0]]]
    expect(read({ changed, left_out: [2] })).toEqual({
      missing: [a],
      changed: [
        {
          part: b,
          expected: [b.objects[0]],
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
