import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { createSeverityOf } from '../../../../src/checks/migrations/findings/lowered-severity.ts'

const missing = (kind: Difference['kind']): Difference => ({
  difference: 'missing',
  kind,
  part: 'public.orders',
  partKind: 'table',
  name: 'total',
})

it.each([
  [[], 'fail'],
  [['index'], 'warn'],
  [['missing'], 'warn'],
  [['index:missing'], 'warn'],
  [['column', 'index:missing'], 'warn'],
  [['index:extra', 'column', 'extra'], 'fail'],
])('with MIGRATIONS_WARN=%j a missing index gives %s', (patterns, severity) => {
  expect(createSeverityOf(patterns)(missing('index'))).toBe(severity)
})

it('makes nothing worse than it is', () => {
  const lowered = createSeverityOf(['comment', 'missing'])
  expect(lowered(missing('comment'))).toBe('info')
})
