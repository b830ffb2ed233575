import { describe, expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { createIsIgnored } from '../../../../src/checks/migrations/comparison/ignored.ts'
import type { Scope } from '../../../../src/checks/migrations/expected-schema.ts'

const table: Difference = {
  kind: 'table',
  difference: 'extra',
  part: 'public.spatial_ref_sys',
  partKind: 'table',
  name: '',
}
const trigger: Difference = {
  kind: 'trigger',
  difference: 'extra',
  part: 'public.orders',
  partKind: 'table',
  name: 'notify_other',
  found: 'CREATE TRIGGER …',
}
const column: Difference = { ...trigger, kind: 'column', name: 'total' }
const index: Difference = { ...trigger, kind: 'index', name: 'public.orders_total_index' }

const isIgnored = (options: Pick<Scope, 'ignore' | 'tablesFilter'>, difference: Difference) =>
  createIsIgnored({ schemas: ['public'], partitions: false, extensions: [], optionalKinds: [], ...options })(
    difference,
  )

describe('--ignore', () => {
  it.each<[pattern: string, Difference]>([
    ['public.spatial_ref_sys', table],
    ['public.spatial_*', table],
    ['*.spatial_ref_sys', table],
    ['table:public.spatial_ref_sys', table],
    ['trigger:*.notify_*', trigger],
    ['public.orders.notify_other', trigger],
    // A table stands for all that is in it.
    ['public.orders', column],
    ['public.orders', index],
    ['index:public.orders_*', index],
    ['index:public.some', { ...index, name: 'public."some"' }],
    ['index:public."some"', { ...index, name: 'public."some"' }],
    ['public.My orders', { ...column, part: 'public."My orders"' }],
  ])('%s leaves out what it names', (pattern, difference) => {
    expect(isIgnored({ ignore: [pattern] }, difference)).toBe(true)
    for (const how of ['missing', 'changed'] as const)
      expect(isIgnored({ ignore: [pattern] }, { ...difference, difference: how })).toBe(true)
  })

  it.each<[pattern: string, Difference]>([
    ['public.spatial', table],
    ['spatial_ref_sys', table],
    ['view:public.spatial_ref_sys', table],
    ['trigger:public.orders', trigger],
    ['trigger:*', column],
    ['public.orders.notify_other', column],
    ['publicXspatial_ref_sys', table],
    ['public.spatial_ref_sys(', table],
  ])('%s leaves nothing else out', (pattern, difference) => {
    expect(isIgnored({ ignore: [pattern] }, difference)).toBe(false)
  })
})

/** What drizzle-kit 0.31 does with the same lists (`filter` in pgPushIntrospect). */
describe('the tablesFilter of the config', () => {
  it.each<[filter: string[], ignored: boolean]>([
    [[], false],
    [['spatial_ref_sys'], false],
    [['app_*'], true],
    [['app_*', 'spatial_*'], false],
    [['!spatial_ref_sys'], true],
    [['!geometry_columns'], false],
    [['app_*', '!geometry_columns'], false],
    [['spatial_*', '!spatial_ref_sys'], true],
  ])('%j: an extra table spatial_ref_sys is ignored: %s', (tablesFilter, ignored) => {
    expect(isIgnored({ tablesFilter }, table)).toBe(ignored)
  })

  it('says nothing about a table that the migrations make', () => {
    expect(isIgnored({ tablesFilter: ['app_*'] }, { ...table, difference: 'missing' })).toBe(false)
    expect(isIgnored({ tablesFilter: ['app_*'] }, column)).toBe(false)
  })
})

describe('a name in quotes', () => {
  const quoted = (name: string): Difference => ({ ...table, part: `public."${name}"` })

  it('may have a colon, which is not that of a kind', () => {
    expect(isIgnored({ ignore: ['public."a:b"'] }, quoted('a:b'))).toBe(true)
    expect(isIgnored({ ignore: ['table:public."a:b"'] }, quoted('a:b'))).toBe(true)
  })

  it('stands in a tablesFilter without them, and only a first exclamation mark excludes', () => {
    expect(isIgnored({ tablesFilter: ['odd!name'] }, quoted('odd!name'))).toBe(false)
    expect(isIgnored({ tablesFilter: ['oddname'] }, quoted('odd!name'))).toBe(true)
  })
})
