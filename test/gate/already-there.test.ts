/** What a migration makes, and production has without one. */
import { describe, expect, it } from 'vitest'
import { alreadyThere, newRelations } from '../../src/gate/already-there.ts'
import type { Catalog } from '../../src/gate/compatibility/catalog.ts'
import type { GateFinding } from '../../src/gate/judge/finding.ts'
import { live } from './judge/steps.ts'
import { catalogOf } from './measured.ts'

describe('what production is asked for', () => {
  const before = catalogOf({ oid: '1', name: 'public.old' })
  const asked = (...catalogs: Catalog[]) =>
    newRelations({
      ...{ files: [], steps: [], before },
      catalogs: catalogs.map((catalog, at) => ({ tag: `000${at}`, catalog })),
    })

  it('is what is new after the last file', () => {
    const [first, second] = [
      { oid: '2', name: 'public.first' },
      { oid: '3', name: 'shop.second' },
    ]
    const old = { oid: '1', name: 'public.old' }
    expect(asked(catalogOf(old), catalogOf(old, first), catalogOf(old, second))).toEqual([
      { schema: 'shop', name: 'second' },
    ])
  })

  it('keeps a dot in the name of a table', () => {
    expect(asked(catalogOf({ oid: '2', name: 'public.a.b' }))).toEqual([{ schema: 'public', name: 'a.b' }])
  })

  it('is nothing where a table has another name, or a new partition', () => {
    const renamed = { oid: '1', name: 'public.new' }
    expect(asked(catalogOf(renamed, { oid: '2', name: 'public.part', isPartition: true }))).toEqual([])
  })

  it('is nothing where nothing is pending', () => {
    expect(asked()).toEqual([])
  })
})

describe('a table that production has already', () => {
  const made = (object: string): GateFinding => ({
    ...{ level: 'pass', code: 'needs_first', object },
    message: `the new release needs it first: ${object} is new`,
  })
  const production = new Map([['public.t', live({ name: 'public.t' })]])
  const found = (texts: readonly string[], { before = catalogOf(), findings = [made('public.t')] } = {}) =>
    alreadyThere(findings, texts, production, before)

  const refused = {
    level: 'fail',
    code: 'fails',
    object: 'public.t',
    message: 'fails: production has public.t already, and no applied migration makes it',
    advice:
      'where drizzle-kit push made it, write the rows of these migrations into the migrations table by hand',
  }

  it('is refused by the migration that makes it', () => {
    expect(found(['create table t (a int)'], { findings: [made('public.u'), made('public.t')] })).toEqual([
      refused,
    ])
  })

  it.each(['create table if not exists t (a int)', 'CREATE TABLE IF \n NOT \n EXISTS t (a int)'])(
    'may be what the migration expects where it says IF NOT EXISTS: %j',
    (text) => {
      expect(found([text, 'create index on t (a)'])).toEqual([{ ...refused, level: 'warn' }])
    },
  )

  it('is refused where only a name looks like these words', () => {
    expect(found(['create table t (if_not_exists int)'])).toEqual([refused])
  })

  it('is not refused where it is only changed', () => {
    const breaks = { ...made('public.t'), code: 'breaks_running_release' } as const
    expect(found(['alter table t drop a'], { findings: [breaks] })).toEqual([])
  })

  it('is not refused where it is dropped and another one takes its name', () => {
    const before = catalogOf({ oid: '1', name: 'public.t' }, { oid: '2', name: 'public.t_new' })
    expect(found(['drop table t', 'alter table t_new rename to t'], { before })).toEqual([])
  })

  it('is refused also where other tables are known', () => {
    const before = catalogOf({ oid: '1', name: 'public.other' })
    expect(found(['create table t (a int)'], { before })).toEqual([refused])
  })

  it('is not known of where production was not asked', () => {
    expect(alreadyThere([made('public.t')], ['create table t (a int)'], undefined, catalogOf())).toEqual([])
  })
})
