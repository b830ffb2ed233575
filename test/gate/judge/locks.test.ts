import { describe, expect, it } from 'vitest'
import type { LiveRelation } from '../../../src/gate/production/sizes.ts'
import { effect, exclusive, findings, levels, live, share, stepsOf } from './steps.ts'

describe('a lock', () => {
  const lock = effect(exclusive)
  it('of an instant passes, and says what waits', () => {
    const [one] = findings(stepsOf([[lock]]))
    expect(one).toMatchObject({
      level: 'pass',
      code: 'blocks',
      object: 'public.orders',
      message: 'reads and writes of public.orders wait for an instant',
      waits: [{ object: 'public.orders', reads: true, writes: true }],
    })
    expect(one).not.toHaveProperty('advice')
  })

  it('is as bad as the heaviest work that comes behind it in the same transaction', () => {
    const heavy = effect({ rewritten: true, ...exclusive }, 'big')
    const sizes = [live(), live({ name: 'public.big', heapBytes: 1e12 })]
    const [blocks] = findings(stepsOf([[lock]], [[heavy]]), { sizes })
    expect(blocks).toMatchObject({
      level: 'fail',
      message: 'reads and writes of public.orders wait until statement 2 is done',
      advice: 'deploy one of the two by itself',
    })
    const apart = stepsOf([[lock]], [[heavy], { transaction: 2 }])
    expect(findings(apart, { sizes })[0]).toMatchObject({ level: 'pass' })
    // What was done before the lock was taken holds nobody up.
    expect(findings(stepsOf([[heavy]], [[lock]]), { sizes })[1]).toMatchObject({
      level: 'pass',
      code: 'blocks',
    })
  })

  it('names the file of work that is in another one', () => {
    const heavy = effect({ rewritten: true, ...exclusive }, 'big')
    const [blocks] = findings(stepsOf([[lock]], [[heavy], { tag: 'two' }]), { tags: ['one', 'two'] })
    expect(blocks?.message).toBe('reads and writes of public.orders wait until statement 2 of two is done')
  })

  it('that stops only writes is one step milder than that work', () => {
    const heavy = effect({ changesRows: true }, 'big')
    const sizes = [live(), live({ name: 'public.big', rows: 1e9 })]
    expect(findings(stepsOf([[effect(share)]], [[heavy]]), { sizes })[0]).toMatchObject({
      level: 'warn',
      message: 'writes of public.orders wait until statement 2 is done',
    })
  })

  it('is said once while it is held, and again where reads wait too', () => {
    expect(levels(stepsOf([[effect(share)]], [[effect(share)]], [[lock]], [[lock]]))).toEqual([
      'pass blocks public.orders',
      'pass blocks public.orders',
    ])
    expect(levels(stepsOf([[lock]], [[lock], { transaction: 2 }]))).toHaveLength(2)
  })

  it('of an index stops reads, and a table that is dropped has nobody who waits', () => {
    expect(findings(stepsOf([[effect({ locksIndex: true })]]))[0]?.waits).toEqual([
      { object: 'public.orders', reads: true, writes: true },
    ])
    expect(levels(stepsOf([[effect({ ...exclusive, dropped: true })]]))).toEqual([])
    const heavy = effect({ rewritten: true }, 'big')
    const sizes = [live({ name: 'public.big', heapBytes: 1e12 })]
    expect(levels(stepsOf([[lock]], [[effect({ dropped: true })]], [[heavy]]), { sizes }).at(-1)).toBe(
      'pass rewrites public.big',
    )
  })

  it('that lets writes through is not said', () => {
    expect(levels(stepsOf([[effect({ locks: ['ShareUpdateExclusiveLock'] })]]))).toEqual([])
  })

  it('is not said of a statement whose work on the table says it', () => {
    expect(levels(stepsOf([[effect({ rewritten: true, ...exclusive })]]))).toEqual([
      'pass rewrites public.orders',
    ])
  })

  it.each<[string, Partial<LiveRelation>, string, string]>([
    ['nobody', {}, 'pass', ''],
    ['a session', { holders: 1 }, 'pass', '; 1 session holds a lock on it now'],
    [
      'sessions of unknown age',
      { holders: 2, hiddenHolders: 1 },
      'pass',
      '; 2 sessions hold a lock on it now, their age is hidden',
    ],
    [
      'an old transaction',
      { holders: 2, oldHolders: 1 },
      'warn',
      '; it waits for 1 of 2 sessions that hold a lock on it, in transactions older than 10 s, and everything behind it waits too',
    ],
  ])('waits for who holds one: %s', (_, holders, level, text) => {
    const [one] = findings(stepsOf([[lock]]), { sizes: [live(holders)] })
    expect(one).toMatchObject({
      level,
      message: `reads and writes of public.orders wait for an instant${text}`,
    })
    if (level === 'warn') expect(one?.advice).toContain('end these transactions first')
  })
})
