import { describe, expect, it } from 'vitest'
import { setUpIsolates, ttlMs } from './isolates.ts'

const verbs = (commands: readonly string[][]) =>
  commands.map((words) => [words[0], words.at(-1) === 'NX' ? 'NX' : ''].join(' ').trim())

describe('isolates with one store', () => {
  it('share one run, which costs three commands, and an answer from the snapshot one', async () => {
    const { isolate, runs, memory, move } = setUpIsolates()
    const first = await isolate('a').ask()
    await move(10)
    // The last two are the history's, at most once in a minute while nothing changes.
    expect(verbs(memory.commands)).toEqual(['GETRANGE', 'SET NX', 'SET', 'GETRANGE', 'SET'])
    memory.commands.length = 0
    const second = await isolate('b').ask()
    expect(verbs(memory.commands)).toEqual(['GETRANGE'])
    expect(second.results).toEqual(first.results)
    expect(runs.map((run) => run.isolate)).toEqual(['a'])
    memory.commands.length = 0
    await move(ttlMs.pass + 10)
    await isolate('c').ask()
    expect(verbs(memory.commands)).toEqual(['GETRANGE', 'SET NX', 'SET'])
  })

  it('ask the store for nothing while their own results are fresh', async () => {
    const { isolate, memory, move } = setUpIsolates()
    const a = isolate('a')
    await a.ask()
    await move(10)
    memory.commands.length = 0
    await a.ask()
    expect(memory.commands).toEqual([])
  })

  it('that ask at the same moment wait for the one that got the lease', async () => {
    const { isolate, runs, move } = setUpIsolates({ runMs: 250 })
    const all = ['a', 'b', 'c', 'd'].map((name) => isolate(name).begin())
    await move(1000)
    const answers = await Promise.all(all)
    expect(runs).toHaveLength(1)
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('run once for each TTL, also where one is shorter than a run may take', async () => {
    const { isolate, runs, move } = setUpIsolates({ ttl: { pass: 4000, warn: 4000, fail: 9000 } })
    const isolates = ['a', 'b', 'c'].map((name) => isolate(name))
    for (let period = 1; period <= 4; period += 1) {
      const all = isolates.map((each) => each.begin())
      await move(3000)
      await Promise.all(all)
      expect(runs).toHaveLength(period)
      await move(1100)
    }
  })

  it('run themselves when the one with the lease is gone, with their whole time left', async () => {
    const { isolate, runs, memory, clock } = setUpIsolates()
    memory.values.set('edge-health:health-check:lease', {
      value: 'gone',
      expiresAt: clock.monotonic() + 4500,
    })
    const { results, ms } = await isolate('b').ask()
    expect(results.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pass'])
    expect(runs).toHaveLength(1)
    // 100, 200 and 400 ms; a further pause would leave less than a run needs.
    expect(verbs(memory.commands).slice(0, 5)).toEqual(['GETRANGE', 'SET NX', 'GETRANGE', 'GETRANGE', 'SET'])
    expect(ms).toBeLessThan(900)
  })

  it('run once more after the results have expired', async () => {
    const { isolate, runs, move } = setUpIsolates()
    const [a, b] = [isolate('a'), isolate('b')]
    await a.ask()
    await move(ttlMs.pass + 10)
    await b.ask()
    await move(10)
    await a.ask()
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'b'])
  })

  it('ask only what has expired, and a failing check with the one it depends on', async () => {
    const { isolate, runs, outcome, move } = setUpIsolates()
    outcome.of = (checker) => (checker === 'celery' ? { status: 'fail', code: 'no_workers' } : {})
    await isolate('a').ask()
    await move(ttlMs.fail + 10)
    await isolate('b').ask()
    expect(runs.map(({ names }) => names.toSorted())).toEqual([
      ['celery', 'database', 'migrations', 'redis'],
      ['celery', 'redis'],
    ])
  })

  it('keep the results of the other checks when one is asked alone', async () => {
    const { isolate, runs, move } = setUpIsolates()
    await isolate('a').ask()
    await move(5000)
    await isolate('b').ask(['redis'], { fresh: true })
    await move(10)
    const { results } = await isolate('c').ask()
    expect(results).toHaveLength(4)
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'b'])
  })

  it('see what ?fresh found', async () => {
    const { isolate, runs, outcome, move } = setUpIsolates()
    await isolate('a').ask()
    outcome.of = () => ({ status: 'fail', code: 'unreachable' })
    await isolate('b').ask(undefined, { fresh: true })
    await move(10)
    const { results } = await isolate('c').ask()
    expect(results.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail', 'fail'])
    expect(runs).toHaveLength(2)
  })

  it('accept the run that they waited for at TTL 0, and repeat it to nobody', async () => {
    const { isolate, runs, move } = setUpIsolates({ runMs: 250, ttl: { pass: 0, warn: 0, fail: 0 } })
    const all = ['a', 'b'].map((name) => isolate(name).begin())
    await move(1000)
    await Promise.all(all)
    expect(runs).toHaveLength(1)
    await move(5000)
    await isolate('c').ask()
    expect(runs).toHaveLength(2)
  })

  it('never share a timeout that a deadline cut short', async () => {
    const { isolate, runs, outcome, move } = setUpIsolates()
    outcome.of = () => ({ status: 'fail', code: 'timeout', isCutShort: true })
    await isolate('a').ask()
    await move(5000)
    outcome.of = () => ({})
    const { results } = await isolate('b').ask()
    expect(results.map(({ status }) => status)).toEqual(['pass', 'pass', 'pass', 'pass'])
    expect(runs).toHaveLength(2)
  })

  it('do not share with one that asks something else', async () => {
    const { isolate, runs, complaints, move } = setUpIsolates()
    await isolate('a').ask()
    await move(5000)
    await isolate('b', { configuration: 'another database' }).ask()
    expect(runs).toHaveLength(2)
    await isolate('c', { key: 'edge-health:shop' }).ask()
    expect(runs).toHaveLength(3)
    expect(complaints).toEqual([])
  })

  it.each([-30_000, 30_000])('with a clock that is %i ms off answer by a run of their own', async (offMs) => {
    const { isolate, runs, move, clock } = setUpIsolates()
    await isolate('a').ask()
    await move(5000)
    clock.setBack(offMs)
    const { results } = await isolate('b').ask()
    expect(runs).toHaveLength(2)
    for (const { timestamp } of results) expect(Math.abs(timestamp - clock.now())).toBeLessThan(100)
  })
})

describe('a store that cannot be asked', () => {
  it('delays one answer by at most 300 ms, the next as much and then none, until a write in the background finds it back', async () => {
    const { isolate, runs, memory, complaints, move } = setUpIsolates()
    const a = isolate('a')
    memory.before = () => new Promise(() => {})
    const first = await a.ask()
    expect(first.ms).toBeLessThan(360)
    await move(ttlMs.pass + 1)
    const second = await a.ask()
    expect(second.ms).toBeGreaterThan(300)
    expect(second.ms).toBeLessThan(360)
    for (let round = 0; round < 3; round += 1) {
      await move(ttlMs.pass + 1)
      expect((await a.ask()).ms).toBeLessThan(60)
    }
    expect(runs).toHaveLength(5)
    expect(complaints).toHaveLength(1)

    memory.before = async () => {}
    await move(ttlMs.pass + 1)
    await a.ask()
    await move(10)
    await isolate('b').ask()
    expect(runs.map((run) => run.isolate)).toEqual(Array(6).fill('a'))
  })

  it.each([300, 100])(
    'is not waited for again within the next second, where it may delay an answer by %i ms',
    async (sharedMs) => {
      const ttl = { pass: 400, warn: 400, fail: 400 }
      const { isolate, memory, move } = setUpIsolates({ ttl, sharedMs })
      const a = isolate('a')
      memory.before = () => new Promise(() => {})
      expect((await a.ask()).ms).toBeGreaterThan(sharedMs)
      await move(401)
      expect((await a.ask()).ms).toBeLessThan(60)
    },
  )

  it('is shared again after a moment, also where each command takes 250 ms', async () => {
    const { isolate, runs, memory, clock, move } = setUpIsolates()
    const [a, b] = [isolate('a'), isolate('b')]
    memory.before = () => new Promise(() => {})
    await a.ask()
    memory.before = () => clock.sleep(250)
    await b.ask()
    await move(ttlMs.pass - 2000)
    await b.ask()
    await move(3000)
    await b.ask()
    await a.ask()
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'b', 'b'])
  })

  it('is found back after minutes too, where each command takes 250 ms', async () => {
    const { isolate, runs, memory, clock, move } = setUpIsolates()
    const [a, b] = [isolate('a'), isolate('b')]
    memory.before = () => new Promise(() => {})
    await a.askAgain(4, ttlMs.pass + 1)
    memory.before = () => clock.sleep(250)
    for (let round = 0; round < 4; round += 1) {
      await b.ask()
      await a.ask()
      await move(ttlMs.pass + 1)
    }
    expect(runs.slice(-2).map((run) => run.isolate)).toEqual(['b', 'b'])
  })

  it('is not back for a try that takes longer than an answer waits', async () => {
    const { isolate, memory, clock, move } = setUpIsolates({ sharedMs: 100 })
    memory.before = () => clock.sleep(150)
    const a = isolate('a')
    const waited: number[] = []
    for (let round = 0; round < 8; round += 1) {
      waited.push((await a.ask()).ms)
      await move(ttlMs.pass + 1)
    }
    expect(waited.filter((ms) => ms >= 100)).toHaveLength(2)
  })

  it('for a moment only makes an isolate run alone once', async () => {
    const { isolate, runs, memory, move } = setUpIsolates()
    const [a, b] = [isolate('a'), isolate('b')]
    await a.ask()
    await move(ttlMs.pass + 1)
    memory.before = () => new Promise(() => {})
    await a.ask()
    memory.before = async () => {}
    await b.ask()
    await move(ttlMs.pass + 1)
    await b.ask()
    await a.ask()
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'a', 'b', 'b'])
  })

  it('is found back by an isolate that only shows what is known', async () => {
    const { isolate, memory, move } = setUpIsolates()
    const { results } = await isolate('a').ask()
    memory.before = async () => {
      throw new Error('away')
    }
    const shown = isolate('b')
    expect(await shown.last()).toEqual([])
    memory.before = async () => {}
    // Not yet: the first try is made a second later.
    expect(await shown.last()).toEqual([])
    await move(1000)
    expect(await shown.last()).toEqual(results)
  })

  it('is said again after 5 minutes', async () => {
    const { isolate, memory, complaints } = setUpIsolates()
    const a = isolate('a')
    memory.before = async () => {
      throw new Error('NOPERM')
    }
    await a.askAgain(14, ttlMs.pass + 1)
    expect(complaints).toEqual(
      Array(2).fill('the store cannot be asked; results are not shared: Error: NOPERM'),
    )
  })

  it('whose snapshot is not believed is run without, and why is said', async () => {
    const { isolate, memory, runs, complaints } = setUpIsolates()
    const key = 'edge-health:health-check:snapshot'
    memory.values.set(key, { value: 'PONG', expiresAt: Number.MAX_SAFE_INTEGER })
    await isolate('a').ask()
    expect(runs).toHaveLength(1)
    expect(complaints).toEqual(['the shared results are not believed: not a snapshot'])
    memory.values.set(key, { value: '1..["other",[],0,0]', expiresAt: Number.MAX_SAFE_INTEGER })
    await isolate('b').ask()
    expect(complaints.slice(1)).toEqual(['the shared results are not believed: its signature is wrong'])
  })

  it('that is far away is shared, although no time is left for the lease', async () => {
    const { isolate, memory, runs, complaints, clock, move } = setUpIsolates()
    memory.before = () => clock.sleep(180)
    const [a, b] = [isolate('a'), isolate('b')]
    for (let round = 0; round < 3; round += 1) {
      await a.ask()
      await b.ask()
      await move(ttlMs.pass + 1)
    }
    expect(runs.map((run) => run.isolate)).toEqual(['a', 'a', 'a'])
    expect(complaints).toEqual([])
  })

  it('that answers slowly costs no more than 300 ms in all', async () => {
    const { isolate, memory, runs, clock } = setUpIsolates()
    memory.before = () => clock.sleep(200)
    expect((await isolate('a').ask()).ms).toBeLessThan(360)
    expect(runs).toHaveLength(1)
  })
})
