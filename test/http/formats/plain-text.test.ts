import { expect, it } from 'vitest'
import { plainText } from '../../../src/http/formats/plain-text.ts'
import { mixed, reportOf, resultOf } from './reports.ts'

it('has a line for each check and one for all', () => {
  expect(plainText.render(mixed, false)).toBe(
    `[+]database ok
[-]migrations drift: 1 difference from the migrations
[!]redis slow: redis answers slowly
health check failed
`,
  )
  expect(plainText.render(reportOf(resultOf('redis', 'warn')), false)).toMatch(/\nhealth check passed\n$/)
})
