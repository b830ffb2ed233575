import { expect, it } from 'vitest'
import { isRecord } from '../../src/core/is-record.ts'

it('takes objects, and neither null, lists nor anything else', () => {
  expect([{}, { a: 1 }, Object.create(null)].map(isRecord)).toEqual([true, true, true])
  expect([null, undefined, [], [1], 'text', 7, () => {}].filter(isRecord)).toEqual([])
})
