import { expect, it } from 'vitest'
import { nextStep } from '../../src/core/next-step.ts'

it.each([
  ['next', { next: 'deploy again' }],
  ['a hint', { reason: 'x', hint: 'deploy again' }],
  ['a hint of one thing', { queue_hint: 'deploy again' }],
  ['a hint of one thing with two words', { dead_letter_hint: 'deploy again' }],
  ['the first of two', { hint: 'deploy again', next: 'wait' }],
])('is what the details say: %s', (_, details) => {
  expect(nextStep(details)).toBe('deploy again')
})

it.each([
  ['nothing', {}],
  ['what is not a text', { next: 7 }],
  ['a name that only begins with one', { next_run: 'soon', hints: 'many', hint_of: 'x' }],
  ['a name that only ends with one', { the_next: 'soon', nohint: 'x' }],
])('is not known where the details have %s', (_, details) => {
  expect(nextStep(details)).toBeUndefined()
})
