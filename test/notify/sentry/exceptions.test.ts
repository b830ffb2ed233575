import { expect, it } from 'vitest'
import { exceptionsOf } from '../../../src/notify/sentry/exceptions.ts'
import { stackFrames } from '../../../src/notify/sentry/stack.ts'

const exceptions = (error: Error) => exceptionsOf(error, stackFrames)

it('an error comes after its causes, and each says which error leads to it', () => {
  const error = new Error('outer', { cause: new RangeError('middle', { cause: new TypeError('inner') }) })
  expect(exceptions(error)).toMatchObject([
    { type: 'TypeError', value: 'inner', mechanism: { type: 'chained', exception_id: 2, parent_id: 1 } },
    { type: 'RangeError', value: 'middle', mechanism: { source: 'cause', exception_id: 1, parent_id: 0 } },
    { type: 'Error', value: 'outer', mechanism: { type: 'generic', handled: true, exception_id: 0 } },
  ])
  expect(exceptions(error)[2]?.mechanism).not.toHaveProperty('parent_id')
})

it('the errors of a group are sent beside each other', () => {
  const group = new AggregateError([new Error('IPv6'), 'no error', new Error('IPv4')], 'no address answers')
  expect(exceptions(new TypeError('fetch failed', { cause: group }))).toMatchObject([
    { value: 'IPv4', mechanism: { source: 'errors[2]', exception_id: 3, parent_id: 1 } },
    { value: 'IPv6', mechanism: { source: 'errors[0]', exception_id: 2, parent_id: 1 } },
    { type: 'AggregateError', mechanism: { is_exception_group: true, exception_id: 1, parent_id: 0 } },
    { value: 'fetch failed' },
  ])
})

it('an error that is its own cause, or has a thousand behind it, ends after five', () => {
  const own = new Error('own')
  own.cause = own
  const many = new AggregateError(Array.from({ length: 1000 }, (_, at) => new Error(String(at))))
  expect([exceptions(own), exceptions(many)].map(({ length }) => length)).toEqual([6, 6])
})

it('has the frames of its stack; an error without a stack has none', () => {
  const error = new Error('with a stack')
  expect(exceptions(error)[0]?.stacktrace?.frames?.at(-1)).toMatchObject({
    filename: expect.stringMatching(/exceptions\.test\.ts$/),
    in_app: true,
  })
  error.stack = ''
  expect(exceptions(error)[0]).not.toHaveProperty('stacktrace')
  delete error.stack
  expect(exceptions(error)[0]).not.toHaveProperty('stacktrace')
})
