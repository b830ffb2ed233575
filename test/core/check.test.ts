import { expect, it } from 'vitest'
import { CheckError } from '../../src/core/check.ts'

it('keeps what the driver threw as the cause of a fault, and has no cause where there is none', () => {
  const cause = new Error('ECONNREFUSED')
  expect(new CheckError('unreachable', 'refused', { cause }).cause).toBe(cause)
  expect(new CheckError('unreachable', 'refused')).not.toHaveProperty('cause')
})
