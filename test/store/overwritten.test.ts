/** What one isolate writes into the snapshot does not undo what another one has found since. */
import { describe, expect, it } from 'vitest'
import { setUpIsolates, ttlMs } from './isolates.ts'

const isolateThatKnowsLess = async () => {
  const isolates = setUpIsolates()
  const { isolate, outcome, move } = isolates
  const a = isolate('a')
  await a.ask()
  await move(1000)
  outcome.of = () => ({ status: 'fail', code: 'unreachable' })
  await isolate('b').ask(undefined, { fresh: true })
  await move(1000)
  return { ...isolates, a }
}

describe('what others have found since is not lost', () => {
  it('where an isolate that has not read it asks some checks anew, which costs one write more', async () => {
    const { isolate, a, memory, runs, move } = await isolateThatKnowsLess()
    memory.commands.length = 0
    await a.ask(['redis'], { fresh: true })
    const sent = memory.commands.filter(([, key]) => key?.endsWith(':snapshot'))
    expect(sent.map(([verb]) => verb)).toEqual(['SET', 'SET'])
    await move(1000)
    const { results } = await isolate('c').ask()
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fail'))
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'b', 'a'])
  })

  it('where the snapshot could not be read before the run', async () => {
    const { isolate, memory, outcome, runs, move } = setUpIsolates({ runMs: 1200 })
    const a = isolate('a')
    await a.ask(['database', 'migrations', 'celery'])
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    await isolate('b').ask(undefined, { fresh: true })
    await move(9000)
    let isFirst = true
    memory.before = async () => {
      if (isFirst) await new Promise(() => {})
    }
    const asking = a.begin(['redis'])
    await move(400)
    isFirst = false
    await move(1500)
    await asking
    // The failed result has expired, and the one that passed before it has not.
    await isolate('c').ask(['database'])
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'b', 'a', 'c'])
  })

  it('where a deadline cut a whole run short', async () => {
    const { isolate, a, memory, outcome, move } = await isolateThatKnowsLess()
    memory.commands.length = 0
    outcome.of = () => ({ status: 'fail', code: 'timeout', isCutShort: true })
    await a.ask(undefined, { fresh: true })
    expect(memory.commands.filter(([, key]) => key?.endsWith(':snapshot'))).toEqual([])
    await move(1000)
    const { results } = await isolate('c').ask()
    expect(results.map(({ code }) => code)).toEqual(Array(4).fill('unreachable'))
  })

  it('where another isolate has written between the read of a run and its write', async () => {
    const { isolate, outcome, runs, move } = setUpIsolates({ runMs: 2000 })
    outcome.of = (checker) => (checker === 'redis' ? { status: 'fail', code: 'unreachable' } : {})
    await isolate('a').ask()
    await move(ttlMs.fail - 100)
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    const whole = isolate('b').begin(undefined, { fresh: true })
    await move(200)
    const some = isolate('c').begin(['redis'])
    await move(2500)
    await Promise.all([whole, some])
    const { results } = await isolate('d').ask()
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('fail'))
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'b', 'c'])
  })

  it('where runs of several checks end at the same moment, in one isolate or in several', async () => {
    const { isolate, memory, runs, clock, move } = setUpIsolates()
    const [a, b] = [isolate('a'), isolate('b')]
    memory.before = () => clock.sleep(20)
    const all = [a.begin(['database']), a.begin(['celery']), b.begin(['redis']), b.begin(['migrations'])]
    await move(1000)
    await Promise.all(all)
    memory.commands.length = 0
    await isolate('c').ask()
    expect(memory.commands).toHaveLength(1)
    expect(runs).toHaveLength(4)
  })
})

it.each([
  'ERR syntax error',
  'WRONGTYPE Operation against a key holding the wrong kind of value',
  'the answer is larger than 1048576 bytes',
])('where the old value cannot be answered (%s), it is written all the same', async (reason) => {
  const { isolate, memory, runs, complaints, move } = setUpIsolates()
  memory.before = async (words) => {
    if (words.at(-1) === 'GET') throw new Error(reason)
  }
  await isolate('a').ask()
  await move(1000)
  await isolate('b').ask()
  expect(runs.map((run) => run.isolate)).toEqual(['a'])
  expect(memory.values.has('edge-health:health-check:history')).toBe(true)
  expect(complaints).toEqual([])
})
