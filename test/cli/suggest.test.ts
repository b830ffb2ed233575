import { expect, test } from 'vitest'
import { suggest } from '../../src/cli/suggest.ts'

const known = ['timeout', 'interval', 'token', 'check', 'json']

test.each([
  ['timout', 'timeout'],
  ['itnerval', 'interval'],
  ['tokn', 'token'],
  ['chekc', 'check'],
  ['jso', 'json'],
  ['inter', 'interval'],
  ['verbose', undefined],
  ['x', undefined],
  ['', undefined],
])('%s is taken for %s', (typed, meant) => {
  expect(suggest(typed, known)).toBe(meant)
})
