import { expect, it } from 'vitest'
import { addTo, emptyRecord } from '../../src/history/check-record.ts'
import { expectedMs, observed } from './arbitrary.ts'

const recordOf = (...list: ReturnType<typeof observed>[]) => {
  const record = emptyRecord()
  for (const each of list) addTo(record, each, 2 * expectedMs)
  return record
}

it('of one result no time is known yet, but how long it took, and that nothing is bad', () => {
  expect(recordOf(observed(0))).toEqual({
    last: observed(0),
    since: observed(0).at,
    days: [],
    histogram: [0, 1, 0, 0, 0, 0, 0, 0, 0],
    incidents: [],
  })
})

it('counts each response', () => {
  expect(recordOf(observed(0), observed(1), observed(2)).histogram[1]).toBe(3)
})

it('counts no result that is not later than the last', () => {
  const record = recordOf(observed(60), observed(60, 'fail'), observed(30, 'fail'))
  expect(record).toEqual(recordOf(observed(60)))
})
