/** Isolates whose clocks are wrong, or whose store says a wrong time: no result is repeated after it has expired. */
import { describe, expect, it } from 'vitest'
import { setUpIsolates, ttlMs } from './isolates.ts'

/** Isolates with one store whose answers have a Date, as an honest one says it. */
function setUpDated(options: Parameters<typeof setUpIsolates>[0] = {}) {
  const isolates = setUpIsolates(options)
  const honest = () => Math.floor(isolates.clock.now() / 1000) * 1000
  isolates.memory.date = honest
  return { ...isolates, honest }
}

describe('a result that has expired is not repeated', () => {
  it('where isolates that ran another check have written it again, with Dates that the store made up', async () => {
    const { isolate, runs, memory, honest, outcome, move } = setUpDated({ ttl: { ...ttlMs, fail: 0 } })
    outcome.of = (checker) => (checker === 'redis' ? { status: 'fail', code: 'refused' } : {})
    await isolate('first').ask()
    memory.before = async ([verb]) => {
      const wrongMs = verb === 'GETRANGE' ? 0 : 9000
      memory.date = () => honest() + wrongMs
    }
    for (let round = 0; round < 12; round += 1) {
      await move(9000)
      await isolate(`later ${round}`).ask()
    }
    // In 108 s, of which a Date can make it 9 s younger once.
    expect(runs.filter(({ names }) => names.includes('database')).length).toBeGreaterThanOrEqual(3)
  })

  it('where the clock of the isolate that found it was set back', async () => {
    const ttl = { pass: 60_000, warn: 60_000, fail: 9000 }
    const { isolate, outcome, runs, move } = setUpDated({ ttl })
    outcome.of = (checker) => (checker === 'redis' ? { status: 'fail', code: 'refused' } : {})
    let aheadMs = 0
    const a = isolate('a', { aheadMs: () => aheadMs })
    await a.ask()
    await move(40_000)
    aheadMs = -25_000
    await a.ask()
    await move(20_100)
    outcome.of = () => ({})
    await isolate('b').ask()
    expect(runs.map(({ isolate, names }) => [isolate, names.includes('database')])).toEqual([
      ['a', true],
      ['a', false],
      ['b', true],
    ])
  })

  it('where another one was found since, and the clock of the isolate that writes was set back between them', async () => {
    const { isolate, outcome, move } = setUpDated({ ttl: { ...ttlMs, fail: 25_000 } })
    let aheadMs = 0
    const a = isolate('a', { aheadMs: () => aheadMs })
    await a.ask()
    await move(5000)
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    await isolate('b').ask(undefined, { fresh: true })
    await move(10_000)
    aheadMs = -10_000
    await a.ask(['redis'], { fresh: true })
    await move(1000)
    const { results } = await isolate('c').ask()
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fail'))
  })

  it('where another one was found since, and the store was away when the clock that is ahead found the first', async () => {
    const { isolate, memory, outcome, runs, move } = setUpDated({ ttl: { ...ttlMs, pass: 600_000 } })
    const a = isolate('a', { aheadMs: () => 50_000 })
    memory.before = async () => {
      throw new Error('the connection failed')
    }
    await a.ask()
    memory.before = async () => {}
    await move(5000)
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    await a.ask(undefined, { fresh: true })
    await move(1000)
    const { results } = await isolate('b').ask()
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fail'))
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'a'])
  })

  it('where it was shared without a Date by an isolate whose clock is ahead, and others have run since', async () => {
    const { isolate, runs, outcome, move } = setUpIsolates()
    await isolate('ahead', { aheadMs: () => 30_000 }).ask()
    const a = isolate('a')
    await a.ask()
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    await move(ttlMs.pass + 10)
    await a.ask()
    await move(4000)
    const { results } = await isolate('b').ask()
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fail'))
    // What the others found is shared, although a result of a later time was known.
    expect(runs.map((run) => run.isolate)).toEqual(['ahead', 'a', 'a'])
  })

  it('where the first that an isolate sends is what ?fresh found, and its clock is ahead', async () => {
    const { isolate, runs, move } = setUpDated()
    await isolate('ahead', { aheadMs: () => 30_000 }).ask(undefined, { fresh: true })
    await move(5000)
    await isolate('a').ask()
    await move(30_000)
    await isolate('b').ask()
    expect(runs.map((run) => run.isolate)).toEqual(['ahead', 'b'])
  })

  it.each([-600_000, 600_000])(
    'where a clock is %i ms ahead, which is too far to be believed',
    async (ms) => {
      const { isolate, runs, complaints, move } = setUpDated()
      const far = () => isolate('far', { aheadMs: () => ms })
      const right = () => isolate('right')
      const [first, second] = ms < 0 ? [right, far] : [far, right]
      await first().ask()
      // For the second one's clock it is 10 s old.
      await move(610_000)
      await second().ask()
      expect(runs).toHaveLength(2)
      expect(complaints).toHaveLength(1)
      expect(complaints[0]).toMatch(/not believed: .*clock/)
    },
  )
})

describe('the history', () => {
  it.each([-600_000, 600_000])('is left alone by an isolate whose clock is %i ms ahead', async (ms) => {
    const { isolate, memory, outcome, move } = setUpDated()
    await isolate('right').ask()
    await move(ttlMs.pass + 10)
    memory.commands.length = 0
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    await isolate('far', { aheadMs: () => ms }).ask()
    expect(memory.commands.filter(([, key]) => key?.endsWith(':history'))).toEqual([])
  })
})

it('a result that a clock of the future left is not written again once that clock is right', async () => {
  const { isolate, runs, move } = setUpIsolates()
  let aheadMs = 30_000
  const a = isolate('a', { aheadMs: () => aheadMs })
  await a.ask()
  aheadMs = 0
  await move(1000)
  await a.ask(['redis'], { fresh: true })
  await move(ttlMs.pass)
  await isolate('b').ask(['database'])
  expect(runs.map((run) => run.isolate)).toEqual(['a', 'a', 'b'])
})
