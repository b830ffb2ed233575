import { describe, expect, it } from 'vitest'
import { decodeHistory, encodeHistory } from '../../src/history/encode.ts'
import { incidentsOf, keepPoints, observe, recordOf } from '../../src/history/history.ts'
import { observed } from '../history/arbitrary.ts'
import { setUpIsolates, ttlMs } from './isolates.ts'

const historyKey = 'edge-health:health-check:history'

function setUp() {
  const all = setUpIsolates()
  const { memory } = all
  return {
    ...all,
    incidents() {
      const { history } = decodeHistory(memory.values.get(historyKey)?.value ?? '') ?? {}
      return incidentsOf([...(history?.values() ?? [])].map((check) => recordOf(check, 900_000)))
    },
    /** The checks in it. */
    checks: () =>
      [...(decodeHistory(memory.values.get(historyKey)?.value ?? '')?.history.keys() ?? [])].sort(),
    /** How many observations are in it. */
    observations() {
      const { history } = decodeHistory(memory.values.get(historyKey)?.value ?? '') ?? {}
      const counts = [...(history?.values() ?? [])].flatMap((check) => recordOf(check, 900_000).histogram)
      return counts.reduce((sum, count) => sum + count, 0)
    },
    writes: () => memory.commands.filter(([verb, key]) => verb === 'SET' && key === historyKey).length,
    bad: () => {
      all.outcome.of = (checker) => (checker === 'database' ? { status: 'fail', code: 'unreachable' } : {})
    },
    good: () => {
      all.outcome.of = () => ({})
    },
  }
}

describe('the history in the store', () => {
  it('is written by the isolate that ran, when something changes at once and else once in a minute', async () => {
    const { isolate, writes, move, bad } = setUp()
    const isolates = [isolate('a'), isolate('b'), isolate('c')]
    const counts: number[] = []
    for (let round = 0; round < 9; round += 1) {
      await isolates[round % 3]?.ask()
      counts.push(writes())
      await move(ttlMs.pass + 10)
    }
    // 27 s apart: now, after 81, 162 and 216 s at the earliest.
    expect(counts).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3])
    bad()
    await isolates[0]?.ask()
    expect(writes()).toBe(4)
  })

  it('is written by one isolate once in a minute, and at once where a check is new or the last write failed', async () => {
    const { isolate, memory, writes, checks, move } = setUp()
    const a = isolate('a')
    await a.ask(['database'])
    await move(1000)
    await a.ask(['redis'])
    expect(writes()).toBe(2)
    expect(checks()).toEqual(['database', 'redis'])
    memory.before = async ([verb, key]) => {
      if (verb === 'SET' && key === historyKey) throw new Error('the connection failed')
    }
    await move(60_000)
    await a.ask()
    expect(checks()).toEqual(['database', 'redis'])
    memory.before = async () => {}
    await move(ttlMs.pass + 10)
    await a.ask()
    expect(checks()).toEqual(['celery', 'database', 'migrations', 'redis'])
    const last = writes()
    await move(ttlMs.pass + 10)
    await a.ask()
    expect(writes()).toBe(last)
  })

  it('is written by one isolate also after its clock was set back', async () => {
    const { isolate, writes, move, clock } = setUp()
    const a = isolate('a')
    await a.ask()
    clock.setBack(3_600_000)
    await move(ttlMs.pass + 10)
    await a.ask()
    expect(writes()).toBe(2)
  })

  it('gets the last hundred that an isolate observed while Redis was away', async () => {
    const { isolate, memory, observations } = setUp()
    const a = isolate('a')
    memory.before = async () => {
      throw new Error('the connection failed')
    }
    await a.askAgain(30, ttlMs.pass + 10)
    memory.before = async () => {}
    // The try that finds Redis back takes nothing along.
    await a.askAgain(3, ttlMs.pass + 10)
    expect(observations()).toBeGreaterThanOrEqual(100)
    expect(observations()).toBeLessThanOrEqual(108)
  })

  it('has one incident with one start, whichever isolates saw it', async () => {
    const { isolate, move, bad, good, incidents, clock } = setUp()
    const [a, b] = [isolate('a'), isolate('b')]
    await a.ask()
    await move(ttlMs.pass + 10)
    bad()
    const from = clock.now()
    for (const each of [a, b, a, b]) {
      await each.ask()
      await move(ttlMs.fail + 10)
    }
    good()
    await b.ask()
    expect(incidents()).toMatchObject([{ check: 'database', code: 'unreachable' }])
    expect(Math.abs((incidents()[0]?.from ?? 0) - from)).toBeLessThan(200)
  })

  it('has what all runs observed that write it at the same moment', async () => {
    const { isolate, memory, outcome, move, incidents, writes, clock } = setUp()
    const [a, b] = [isolate('a'), isolate('b')]
    for (const each of [a, b]) await each.ask()
    memory.before = () => clock.sleep(20)
    await move(ttlMs.pass + 10)
    const before = writes()
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    const all = [a.begin(['database']), a.begin(['celery']), b.begin(['redis'])]
    await move(1000)
    await Promise.all(all)
    const failed = incidents().map(({ check }) => check)
    expect(failed.toSorted()).toEqual(['celery', 'database', 'redis'])
    expect(writes() - before).toBeLessThanOrEqual(3 + 3)
    const last = writes()
    await move(10_000)
    expect(writes()).toBe(last)
  })

  it('gets what an isolate observed while Redis was away', async () => {
    const { isolate, memory, move, bad, good, incidents, clock } = setUp()
    const a = isolate('a')
    await a.ask()
    await move(ttlMs.pass + 10)
    memory.before = async () => {
      throw new Error('the connection failed')
    }
    bad()
    const from = clock.now()
    await a.askAgain(4, ttlMs.fail + 10)
    expect(incidents()).toEqual([])
    memory.before = async () => {}
    good()
    await a.askAgain(3, ttlMs.pass + 10)
    expect(incidents()).toMatchObject([{ check: 'database' }])
    expect(Math.abs((incidents()[0]?.from ?? 0) - from)).toBeLessThan(200)
  })

  it('is kept when its writer had another token, and begun anew when it cannot be read', async () => {
    const { isolate, memory, incidents, complaints, clock, move } = setUp()
    const at = { at: clock.now() - 60_000, check: 'search' }
    const history = observe(new Map(), [observed(0, 'fail', at)], clock.now(), 900_000)
    const put = (value: string) =>
      memory.values.set(historyKey, { value, expiresAt: Number.MAX_SAFE_INTEGER })
    put(encodeHistory(history, 900_000))
    await isolate('a').ask()
    expect(incidents()).toMatchObject([{ check: 'search' }])
    expect(complaints).toEqual([])
    put('[2]')
    await move(ttlMs.pass * 3)
    await isolate('a').ask()
    expect(incidents()).toEqual([])
    expect(complaints).toEqual([expect.stringContaining('another version')])
  })

  it('keeps what others have kept beside it, such as what their alerts have said', async () => {
    const { isolate, memory, checks } = setUp()
    const kept = [['redis', { kind: 'fired' }]]
    memory.values.set(historyKey, {
      value: encodeHistory(new Map(), 900_000, kept),
      expiresAt: Number.MAX_SAFE_INTEGER,
    })
    await isolate('a').ask()
    expect(checks()).toHaveLength(4)
    expect(decodeHistory(memory.values.get(historyKey)?.value ?? '')?.rest).toEqual(kept)
  })

  it.each([
    ['is of another version', '[2]'],
    ['is gone', undefined],
  ])('is kept as it was read where it %s when it is written', async (_, value) => {
    const { isolate, memory, incidents, clock } = setUp()
    const seen = (status: 'fail' | 'pass', ago: number) =>
      observed(0, status, { at: clock.now() - ago, check: 'search' })
    const whole = observe(new Map(), [seen('fail', 120_000), seen('pass', 60_000)], clock.now(), 900_000)
    const history = new Map([...whole].map(([check, each]) => [check, keepPoints(each, 1, 900_000)]))
    const put = (text: string) =>
      memory.values.set(historyKey, { value: text, expiresAt: Number.MAX_SAFE_INTEGER })
    put(encodeHistory(history, 900_000))
    memory.before = async ([verb, key]) => {
      if (verb !== 'SET' || key !== historyKey) return
      memory.before = async () => {}
      if (value === undefined) memory.values.delete(historyKey)
      else put(value)
    }
    await isolate('a').ask()
    expect(incidents()).toMatchObject([{ check: 'search' }])
  })
})
