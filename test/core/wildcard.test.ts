import { expect, it } from 'vitest'
import { createWildcard } from '../../src/core/wildcard.ts'

it.each([
  ['public.hdb_*', 'public.hdb_catalog', true],
  ['public.hdb_*', 'public.hdb_', true],
  ['public.hdb_*', 'publicxhdb_catalog', false],
  ['public.hdb_*', 'my_public.hdb_catalog', false],
  ['*_old', 'orders_old', true],
  ['*_old', 'orders_older', false],
  ['a*c*e', 'a b\nc\nd e', true],
  ['a*c*e', 'ae', false],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['a*b*b', 'ab', false],
  ['*', '', true],
  ['**', 'a', true],
  ['', 'a', false],
  [`${'*_'.repeat(30)}x`, '_'.repeat(63), false],
  ['f(integer[])', 'f(integer[])', true],
  ['f(integer[])', 'finteger', false],
  ['a+b^c$d|e?{1}\\', 'a+b^c$d|e?{1}\\', true],
])('%j fits %j: %s', (pattern, text, fits) => expect(createWildcard(pattern)(text)).toBe(fits))
