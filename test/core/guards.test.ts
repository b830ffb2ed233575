import { expect, it } from 'vitest'
import { isList, isNatural, isNumber, isText, isTuple, orNull } from '../../src/core/guards.ts'

const values = [
  'a',
  '',
  1,
  0,
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  [],
  {},
]

it.each([
  ['texts', isText, ['a', '']],
  ['numbers that JSON can hold', isNumber, [1, 0, -1, 1.5, 2 ** 53]],
  ['counts', isNatural, [1, 0]],
  ['texts or null', orNull(isText), ['a', '', null]],
])('lets %s through and nothing else', (_, guard, through) => {
  expect(values.filter((value) => guard(value))).toEqual(through)
})

it('lets a list through whose entries are all as they should be', () => {
  for (const list of [[], [1], [1, 2]]) expect(isList(isNumber)(list)).toBe(true)
  for (const other of ['', { length: 0 }, null, [1, 'a'], ['a']]) expect(isList(isNumber)(other)).toBe(false)
})

it('lets a pair through that has as many entries as it should, each as it should be', () => {
  const isPair = isTuple<[string, number]>(isText, isNumber)
  expect(isPair(['a', 1])).toBe(true)
  const length = { 0: 'a', 1: 1, length: 2 }
  for (const other of [null, 'a1', length, ['a'], ['a', 1, 2], ['a', 'b'], [1, 1], []]) {
    expect(isPair(other)).toBe(false)
  }
})
