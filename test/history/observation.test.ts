import { expect, it } from 'vitest'
import { compareObservations, toObservation } from '../../src/history/observation.ts'
import { passing } from '../notify/results.ts'
import { observed } from './arbitrary.ts'

const result = passing('redis', { timestamp: 1000.4, responseTime: 12.6 })

it('an observation is what a result says, in whole milliseconds', () => {
  expect(toObservation({ ...result, causedBy: 'broker' }, { release: 'r1', isMaintenance: true })).toEqual({
    check: 'redis',
    at: 1000,
    status: 'pass',
    code: result.code,
    output: result.output,
    responseMs: 13,
    release: 'r1',
    isMaintenance: true,
    causedBy: 'broker',
  })
})

it('what is not known of it is empty', () => {
  expect(toObservation(result, {})).toMatchObject({ release: '', isMaintenance: false, causedBy: '' })
})

it('of a release 64 characters are kept', () => {
  expect(toObservation(result, { release: 'x'.repeat(65) }).release).toBe('x'.repeat(64))
})

it('the later one is the later one; of the same moment the worse one, and the rest has an order too', () => {
  const sorted = [
    observed(0, 'pass', { output: 'a' }),
    observed(0, 'pass', { output: 'b' }),
    observed(0, 'warn'),
    observed(0, 'fail'),
    observed(1),
  ]
  for (const list of [sorted, sorted.toReversed()]) expect(list.toSorted(compareObservations)).toEqual(sorted)
  const [one, other] = [observed(0, 'pass', { output: 'a' }), observed(0, 'pass', { output: 'b' })]
  expect([compareObservations(one, other), compareObservations(other, one)]).toEqual([-1, 1])
  expect(compareObservations(one, { ...one })).toBe(0)
})
