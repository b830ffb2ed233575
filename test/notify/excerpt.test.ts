import { expect, it } from 'vitest'
import type { Details } from '../../src/core/check.ts'
import { excerptOf } from '../../src/notify/excerpt.ts'
import { failing, passing } from './results.ts'

const excerpt = (details: Details) => excerptOf({ ...failing('migrations', 'error'), details })

it('says nothing of a pass', () => {
  expect(excerptOf(passing('redis'))).toBeUndefined()
})

it('has the public sentence alone where there is nothing more', () => {
  const result = failing('redis', 'timeout')
  expect(excerptOf(result)).toEqual({ output: 'redis did not answer in time' })
})

it.each([
  [{ migrations: 3, next: 'npx drizzle-kit migrate' }, 'npx drizzle-kit migrate'],
  [{ hint: 'Start a worker.' }, 'Start a worker.'],
  [{ stuck_queues: [], stuck_hint: 'Look at the pool.' }, 'Look at the pool.'],
])('takes over the next step of %j', (details, next) => {
  expect(excerpt(details)).toMatchObject({ next })
})

it.each([[{ next: 7 }], [{ whats_next: 'no' }], [{ hints: 'no' }]])(
  'takes over no other value: %j',
  (details) => {
    expect(excerpt(details)).not.toHaveProperty('next')
  },
)

const finding = (object: string) => ({
  object,
  kind: 'column',
  difference: 'changed',
  expected: "text default 'secret of the application'",
  found: 'text',
  fix: 'ALTER TABLE',
})

it('names the worst findings by kind and object, never their definitions', () => {
  expect(excerpt({ findings: [finding('public.orders.total')] })?.findings).toEqual([
    'changed column public.orders.total',
  ])
})

it('counts the findings that it does not name, and those that the details left out', () => {
  const findings = [...['a', 'b', 'c', 'd', 'e'].map(finding), 'and 40 more']
  expect(excerpt({ findings })?.findings).toEqual([
    'changed column a',
    'changed column b',
    'changed column c',
    'and 42 more',
  ])
})

it.each([['a text'], [[null, 7, 'words', {}]], [{}]])(
  'survives findings of another shape: %j',
  (findings) => {
    expect(excerpt({ findings })).toEqual({ output: 'migrations could not be checked' })
  },
)

it.each(['and 5 more of them', 'tables and 5 more'])(
  'counts no others where the last entry is %j',
  (last) => {
    const findings = [{ difference: 'missing', kind: 'table', object: 'a' }, last]
    expect(excerpt({ findings })?.findings).toEqual(['missing table a'])
  },
)
