import { expect, it } from 'vitest'
import type { AlertEvent } from '../../../src/notify/alerts/alert.ts'
import { bodyOf, titleOf } from '../../../src/notify/alerts/message.ts'
import { observed, start } from '../../history/arbitrary.ts'

const event = (more: Partial<AlertEvent> = {}): AlertEvent => ({
  kind: 'fired',
  id: 'database/1/fired',
  since: start,
  at: start + 150_000,
  done: [],
  notified: [],
  check: 'database',
  service: 'shop',
  last: observed(150, 'fail', { release: 'r2' }),
  releaseBefore: 'r1',
  findings: [],
  ...more,
})
const since = new Date(start).toISOString()
const runbook = expect.stringMatching(/runbook\.md#unreachable$/)

it.each([
  ['fired', 'shop: database fails'],
  ['resolved', 'shop: database works again'],
  ['reminder', 'shop: database still fails'],
  ['flapping', 'shop: database changes all the time'],
] as const)('the title of a message that is %s', (kind, title) => {
  expect(titleOf(event({ kind }))).toBe(title)
})

it('the title of a warning that is bad, and of one in the middle of an incident', () => {
  const last = observed(150, 'warn')
  expect(titleOf(event({ last }))).toBe('shop: database warns')
  expect(titleOf(event({ last, kind: 'reminder' }))).toBe('shop: database still fails')
})

it('a message has the sentence, the code, the times, both releases and the runbook, each in its line', () => {
  expect(bodyOf(event()).split('\n')).toEqual([
    'database cannot be reached (unreachable)',
    `since ${since}, 3 min`,
    'release r2, before it r1',
    runbook,
  ])
})

it('it has what differs in a line of its own', () => {
  expect(bodyOf(event({ findings: ['missing index', 'changed column (2)'] })).split('\n')[1]).toBe(
    'missing index, changed column (2)',
  )
})

it('one that is over has no runbook, and says from when it was bad', () => {
  const last = observed(150, 'pass', { release: 'r2' })
  expect(bodyOf(event({ kind: 'resolved', last })).split('\n')).toEqual([
    'database ok (ok)',
    `bad from ${since}, 3 min`,
    'release r2, before it r1',
  ])
})

it.each([
  ['the same before', 'r2', 'r2', 'release r2'],
  ['none before', 'r2', '', 'release r2'],
  ['one that is only known from before', '', 'r1', 'before it r1'],
])('it has a release that is known and new: %s', (_, release, releaseBefore, line) => {
  const last = observed(150, 'fail', { release })
  expect(bodyOf(event({ last, releaseBefore })).split('\n')[2]).toBe(line)
})

it('it has no line of releases where none is known', () => {
  const last = observed(150, 'fail', { release: '' })
  expect(bodyOf(event({ last, releaseBefore: '' })).split('\n')).toHaveLength(3)
})

it('what began just now lasts a minute, never none', () => {
  expect(bodyOf(event({ at: start + 1000 }))).toContain(`since ${since}, 1 min`)
})
