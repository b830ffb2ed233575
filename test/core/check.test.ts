import { expect, it } from 'vitest'
import { CheckError, faultCodes, faultSentence } from '../../src/core/check.ts'

it('keeps what the driver threw as the cause of a fault, and has no cause where there is none', () => {
  const cause = new Error('ECONNREFUSED')
  expect(new CheckError('unreachable', 'refused', { cause }).cause).toBe(cause)
  expect(new CheckError('unreachable', 'refused')).not.toHaveProperty('cause')
})

it('each fault has one public sentence', () => {
  expect(faultCodes.map((code) => faultSentence('redis', code))).toEqual([
    'redis is not configured',
    'redis could not be asked: quota or limit reached',
    'redis could not be asked: the credentials were refused',
    'redis did not answer in time',
    'redis cannot be reached',
    'redis gave an unexpected answer',
    'redis could not be checked',
  ])
})
