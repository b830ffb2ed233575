/** What people read of the work of a statement. */
import { expect, it } from 'vitest'
import { defaultFailAt, defaultWarnAt, parseThresholds } from '../../../src/gate/judge/thresholds.ts'
import { bytesText, rowsText, waitsText } from '../../../src/gate/judge/words.ts'
import type { Effect } from '../../../src/gate/measure/effect.ts'
import type { LiveRelation } from '../../../src/gate/production/sizes.ts'
import { effect, exclusive, findings, live, share, stepsOf } from './steps.ts'

const said = (does: Partial<Effect>, size: Partial<LiveRelation> | 'not asked' = {}) =>
  findings(stepsOf([[effect(does)]]), { sizes: size === 'not asked' ? size : [live(size)] })[0]?.message

it.each<[does: Partial<Effect>, size: Partial<LiveRelation> | 'not asked', message: string]>([
  [
    { rewritten: true },
    { heapBytes: 2e9, toastBytes: 3e6, indexBytes: 4e3, rows: 5 },
    'rewrites public.orders: 2 GB table, 3 MB TOAST, 4 kB indexes, 5 rows',
  ],
  [{ rewritten: true }, { heapBytes: 2e9, rows: undefined }, 'rewrites public.orders: 2 GB table'],
  [{ rewritten: true }, 'not asked', 'rewrites public.orders, of unknown size'],
  [{ scanned: true }, { heapBytes: 2e9 }, 'reads all of public.orders (2 GB)'],
  [{ scanned: true }, 'not asked', 'reads all of public.orders, of unknown size'],
  [{ indexesBuilt: 1 }, { rows: 20 }, 'builds 1 index of public.orders over 20 rows'],
  [{ indexesBuilt: 2 }, { rows: 20 }, 'builds 2 indexes of public.orders over 20 rows'],
  [{ indexesBuilt: 2 }, 'not asked', 'builds 2 indexes of public.orders, of unknown size'],
  [
    { changesRows: true },
    { rows: 20 },
    'changes rows of public.orders (at most 20 rows): each stays locked until the end',
  ],
  [
    { changesRows: true },
    'not asked',
    'changes rows of public.orders, of unknown size: each stays locked until the end',
  ],
])('of %j on %j', (does, size, message) => expect(said(does, size)).toBe(message))

it('it is said who waits for it', () => {
  const reads = 'reads all of public.orders (8.2 kB)'
  expect(said({ scanned: true })).toBe(reads)
  expect(said({ scanned: true, ...exclusive })).toBe(`${reads}; every read and write of it waits`)
  expect(said({ scanned: true, ...share })).toBe(`${reads}; every write of it waits`)
  // Who waits for another table does not wait for this one.
  const both = stepsOf([[effect(exclusive, 'other'), effect({ scanned: true })]])
  expect(findings(both).map(({ message }) => message)).toContain(reads)
})

it('it is said whose traffic waits', () => {
  const [both, writes] = [
    { object: 'a', reads: true, writes: true },
    { object: 'b', reads: false, writes: true },
  ]
  expect([waitsText([both]), waitsText([writes]), waitsText([])]).toEqual([
    ...['reads and writes of a', 'writes of b', ''],
  ])
})

it('sizes are said in the unit of the next thousand', () => {
  expect([9.94, 10, 10.4, 999, 1e15].map(bytesText)).toEqual(['9.9 B', '10 B', '10 B', '999 B', '1000 TB'])
  expect([1e4, 1e6, 1e9].map(rowsText)).toEqual(['10 thousand rows', '1 million rows', '1 billion rows'])
})

it('a warning is from about a second on a slow table on, a stop from about ten', () => {
  expect(defaultWarnAt).toEqual({ rewrite: 20e6, scan: 200e6, build: 500_000, rows: 100_000 })
  expect(defaultFailAt).toEqual({ rewrite: 200e6, scan: 2e9, build: 5e6, rows: 1e6 })
})

it('thresholds may have blanks between them and fractions, and what cannot be read is repeated', () => {
  expect(parseThresholds(' rewrite = 1.25 MB , , scan=2t', defaultFailAt)).toEqual({
    ...defaultFailAt,
    ...{ rewrite: 1_250_000, scan: 2e12 },
  })
  expect(parseThresholds('rewrite=1GB, much ', defaultFailAt)).toBe(
    'expected sizes such as rewrite=50MB,scan=1GB,build=2M,rows=500k, and got "much"',
  )
})
