import { expect, it } from 'vitest'
import { thrownText } from '../../src/core/thrown-text.ts'

it('is what was thrown, as a text', () => {
  expect(thrownText(new TypeError('x is not a function'))).toBe('TypeError: x is not a function')
  expect(thrownText(undefined)).toBe('undefined')
})

it('is a text for what has none', () => {
  expect(thrownText(Object.create(null))).toBe('something that cannot be read')
})
