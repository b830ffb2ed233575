import { expect, it } from 'vitest'
import { isFindingPattern } from '../../src/core/finding-kinds.ts'

it.each(['index', 'foreign table', 'missing', 'extra', 'index:missing', 'row level security:changed'])(
  '%j names findings',
  (pattern) => {
    expect(isFindingPattern(pattern)).toBe(true)
  },
)

it.each([
  ['a kind that does not exist', 'indices'],
  ['a difference that does not exist', 'index:gone'],
  ['a kind that does not exist with a difference', 'indices:missing'],
  ['two kinds', 'index:table'],
  ['two differences', 'missing:missing'],
  ['three parts', 'index:missing:extra'],
  ['a kind with nothing behind its colon', 'index:'],
  ['nothing', ''],
  ['a kind that is compared only when it is asked for', 'owner'],
])('%s names none: %j', (_, pattern) => {
  expect(isFindingPattern(pattern)).toBe(false)
})
