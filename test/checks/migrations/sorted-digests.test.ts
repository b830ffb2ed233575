import fc from 'fast-check'
import { expect, it } from 'vitest'
import { compareDigests, digestLength, joinDigests } from '../../../src/checks/migrations/sorted-digests.ts'

const digest = fc.nat({ max: 60 }).map((number) => number.toString(16).padStart(digestLength, '0'))
const digests = fc.uniqueArray(digest, { maxLength: 60 }).map((list) => list.toSorted())

it('finds what only one of two lists has, as sets would', () => {
  fc.assert(
    fc.property(digests, digests, (first, second) => {
      const { positions, others } = compareDigests(joinDigests(first), joinDigests(second))
      expect(positions.map((position) => first[position])).toEqual(
        first.filter((each) => !second.includes(each)),
      )
      expect(others).toEqual(second.filter((each) => !first.includes(each)))
    }),
    { numRuns: 2000 },
  )
})

it('finds nothing in what is the same, and everything where the other is empty', () => {
  const all = joinDigests(['000000000001', '000000000002', '000000000003'])
  expect(compareDigests(all, all)).toEqual({ positions: [], others: [] })
  expect(compareDigests(all, '')).toMatchObject({ positions: [0, 1, 2], others: [] })
  expect(compareDigests('', all)).toMatchObject({ positions: [], others: { length: 3 } })
})
