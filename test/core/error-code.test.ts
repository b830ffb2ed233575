import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { errorCode } from '../../src/core/error-code.ts'

const thrownBy = (act: () => unknown): unknown => {
  try {
    act()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

it('is the code of what Node throws', () => {
  expect(errorCode(thrownBy(() => readFileSync('/there/is/none')))).toBe('ENOENT')
})

it.each([
  ['an Error without a code', new Error('x')],
  ['a code that is not a text', Object.assign(new Error('x'), { code: 7 })],
  ['an object that is not an Error', { code: 'ENOENT' }],
  ['a text', 'ENOENT'],
  ['nothing', undefined],
])('is not known of %s', (_, thrown) => {
  expect(errorCode(thrown)).toBeUndefined()
})
