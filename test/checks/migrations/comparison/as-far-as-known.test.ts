import { describe, expect, it } from 'vitest'
import { isAsFarAsKnown } from '../../../../src/checks/migrations/comparison/as-far-as-known.ts'
import { standInMark } from '../../../../src/checks/migrations/stand-ins.ts'
import { differ } from '../findings/differ.ts'

const isKnown = (kind: 'column' | 'constraint', expected: string, found: string) =>
  isAsFarAsKnown(differ(kind, 'a', { expected, found }), (type) => type === 'public.geometry')
const standIn = `\nCASE\n    WHEN ('${standInMark}' IS NULL) THEN NULL::text\n    ELSE NULL::text\nEND`

describe('a column whose expression was not known', () => {
  const generated = `text generated always as (${standIn}) stored`
  it.each([
    [`text default ${standIn}`, `text default f('x'::text)`],
    [`text default ${standIn} not null`, 'text default f() not null'],
    [`numeric(9,2) default ${standIn}`, 'numeric(9,2) default 1'],
    [`${generated} not null`, 'text generated always as (f(a)) stored not null'],
  ])('%j is found as %j', (expected, found) => expect(isKnown('column', expected, found)).toBe(true))

  it.each([
    [`text default ${standIn}`, 'character varying(9) default f()'],
    [`text default ${standIn}`, 'text default f() not null'],
    [`text default ${standIn} not null`, 'text default f()'],
    [`text default ${standIn}`, 'text'],
    [generated, 'text'],
    [generated, 'text default f(a)'],
    [generated, 'text generated always as (f(a)) virtual'],
    [`${generated} not null`, 'text generated always as (f(a)) stored'],
  ])('%j is not found as %j', (expected, found) => expect(isKnown('column', expected, found)).toBe(false))
})

describe('a column whose type or default was not known', () => {
  it.each([
    ['public.geometry not null', 'public.geometry(Point,4326) not null'],
    [`public.geometry default 'a'::text`, `public.geometry default '0101'::public.geometry`],
    ['text', 'text default f()'],
    ['text not null', 'text default f() not null'],
  ])('%j is found as %j', (expected, found) => expect(isKnown('column', expected, found)).toBe(true))

  it.each([
    ['public.geometry not null', 'public.geometry(Point,4326)'],
    ['public.geometry', 'public.geometry(Point,4326) not null'],
    ['text', 'integer default f()'],
  ])('%j is not found as %j', (expected, found) => expect(isKnown('column', expected, found)).toBe(false))
})

it('a CHECK that was not known is one that is found, with what stands behind it', () => {
  const expected = `CHECK ((('${standInMark}' IS NULL) OR (a IS NULL)))`
  expect(isKnown('constraint', expected, 'CHECK ((f(a) > 0))')).toBe(true)
  expect(isKnown('constraint', `${expected} NO INHERIT`, 'CHECK (f(a)) NO INHERIT')).toBe(true)
  expect(isKnown('constraint', expected, 'CHECK ((f(a) > 0)) NOT VALID')).toBe(false)
  expect(isKnown('constraint', expected, 'UNIQUE (a)')).toBe(false)
  expect(isKnown('constraint', 'EXCLUDE USING gist (a WITH =)', 'EXCLUDE USING gist (b WITH =)')).toBe(true)
})
