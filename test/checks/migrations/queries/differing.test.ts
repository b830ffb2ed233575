import { describe, expect, it } from 'vitest'
import {
  type ExpectedPart,
  type Kind,
  writeObject,
} from '../../../../src/checks/migrations/expected-schema.ts'
import { differingQuery, readDiffering } from '../../../../src/checks/migrations/queries/differing.ts'
import { type LiveDigests, whatDiffers } from '../../../../src/checks/migrations/queries/differing-parts.ts'

const table = (name: string, ...digests: string[]): ExpectedPart => ({
  part: `public.${name}`,
  kind: 'table',
  digests,
  objectDigests: `${name}1 ${name}2/${name}2b ${name}3 ${name}4`,
  objects: [
    writeObject({ kind: 'column', name: 'id', definition: 'integer' }),
    writeObject({ kind: 'column', name: 'total', definition: 'numeric' }),
    writeObject({ kind: 'row level security', name: '', definition: 'enabled' }),
    writeObject({ kind: 'table', name: '', definition: '' }),
  ],
})
const [a, b, c] = [table('a', 'a1', 'a2'), table('b', 'b1'), table('c', 'c1')] as const
const kinds = [
  { kind: 'column', digests: ['11', '12'] },
  { kind: 'row level security', digests: ['2'] },
  { kind: 'table', digests: ['3'] },
  { kind: 'query', digests: ['4'] },
] as const
const liveKinds = { column: '11', 'row level security': '2', table: '3', query: '4' }
const listed = (digests: Partial<Record<Kind, string>>): LiveDigests['kinds'] =>
  Object.entries(digests).map(([kind, digest]) => ({ kind: kind as Kind, digest }))
const scope = { schemas: ['public'], partitions: false, extensions: [], optionalKinds: [] }

describe('the parts that differ', () => {
  const among = (parts: readonly ExpectedPart[], live: string) =>
    whatDiffers({ parts, kinds }, { parts: live, kinds: listed(liveKinds) }, true)

  it('are those of which no accepted digest is live, and the live ones that are accepted nowhere', () => {
    expect(among([a, b, c], 'a2 x c1')).toEqual({ expected: [b], live: ['x'] })
  })

  it('are all where nothing is live', () => {
    expect(among([a, b], '')).toEqual({ expected: [a, b], live: [] })
  })

  it('are none where every digest is an accepted one', () => {
    expect(among([a, b], 'a1 b1')).toEqual({ expected: [], live: [] })
  })
})

describe('the kinds that differ', () => {
  const among = (live: Partial<Record<Kind, string>>, viewText = true) =>
    whatDiffers({ parts: [], kinds }, { parts: '', kinds: listed(live) }, viewText).kinds

  it('are enough to ask for where no table, view or routine came or went', () => {
    expect(among({ ...liveKinds, column: '13' })).toEqual(['column'])
    const { 'row level security': _gone, ...others } = liveKinds
    expect(among(others)).toEqual(['row level security'])
    expect(among({ ...liveKinds, index: '9' })).toEqual(['index'])
  })

  it('are not enough where one did, or where each object is accepted by itself', () => {
    expect(among({ ...liveKinds, column: '13', table: '9' })).toBeUndefined()
    expect(among({ ...liveKinds, column: '12' })).toBeUndefined()
  })

  it('are without the text of views where that is not compared', () => {
    const { query: _text, ...others } = { ...liveKinds, column: '13' }
    expect(among(others)).toBeUndefined()
    expect(among(others, false)).toEqual(['column'])
  })
})

describe('the question', () => {
  const asked = (kinds?: readonly ['row level security', 'column'] | readonly ['index']) =>
    JSON.parse(
      String(differingQuery(scope, { expected: [a], live: ['x'], ...(kinds && { kinds }) }, 9).values?.[0]),
    )

  it('has the accepted digests of all objects, or of the kinds that differ', () => {
    expect(asked()).toEqual([['public.a', 'a1 a2/a2b a3 a4']])
    expect(asked(['row level security', 'column'])).toEqual([['public.a', 'a1 a2/a2b a3']])
    expect(asked(['index'])).toEqual([['public.a', '']])
  })
})

describe('the answer', () => {
  const read = (answer: object) =>
    readDiffering(
      { answer: JSON.stringify({ changed: [], left_out: [], extra: [], more_extra: 0, ...answer }) },
      { expected: [a, b, c], live: [] },
    )

  it('reports changed parts by their differing objects, and what is not reported is missing', () => {
    const changed = [[1, [['column', 'total', 'bigint']], ['b2/b2b', 'b3']]]
    expect(read({ changed, left_out: [2] })).toEqual({
      missing: [a],
      changed: [
        {
          part: b,
          expected: [
            { kind: 'column', name: 'total', definition: 'numeric' },
            { kind: 'row level security', name: '', definition: 'enabled' },
          ],
          live: [{ kind: 'column', name: 'total', definition: 'bigint' }],
        },
      ],
      extra: [],
      leftOut: [c],
      moreExtra: 0,
    })
  })

  it('that names what was not asked for is a wrong one', () => {
    expect(() => read({ changed: [[1, [], ['other']]] })).toThrow(
      expect.objectContaining({ code: 'wrong_answer' }),
    )
  })

  it('that is no JSON is a wrong one', () => {
    expect(() => readDiffering(undefined, { expected: [], live: [] })).toThrow(
      expect.objectContaining({ code: 'wrong_answer' }),
    )
  })
})
