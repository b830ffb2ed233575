/** Which check tells of a fault must not depend on the moment at which each result expires. */
import { describe, expect, it } from 'vitest'
import { type CacheRequest, createCache } from '../../src/core/cache/cache.ts'
import { type Check, CheckError, type FaultCode, type Outcome, type Result } from '../../src/core/check.ts'
import { run } from '../../src/core/run.ts'
import { fakeClock } from '../support/fake-clock.ts'

const pass: Outcome = { status: 'pass', code: 'ok', output: 'ok' }
const deadlineMs = 3500
const names = ['database', 'migrations']

/** Two checks of one server: `migrations` is known this much later, or earlier below 0. */
function setUp({
  apartMs,
  ttl = { pass: 27_000, warn: 9000, fail: 9000 },
}: {
  apartMs: number
  ttl?: Record<Result['status'], number>
}) {
  const clock = fakeClock()
  const runs: string[][] = []
  const notified: string[] = []
  let fault: FaultCode | undefined
  const check = (name: string, takesMs: number, more: Partial<Check> = {}): Check => ({
    name,
    async run({ signal }) {
      await clock.sleep(takesMs, signal)
      if (fault) throw new CheckError(fault, 'the server is away')
      return pass
    },
    ...more,
  })
  const checks = [check('database', 1000), check('migrations', 1000 + apartMs, { dependsOn: 'database' })]
  const ttlMs = (_name: string, status: Result['status']) => ttl[status]
  const cache = createCache<CacheRequest>({
    clock,
    ttlMs,
    deadlineMs,
    dependsOn: (name) => checks.find((each) => each.name === name)?.dependsOn,
    async refresh(asked, request, onResult, known) {
      runs.push([...asked])
      const selected = checks.filter(({ name }) => asked.includes(name))
      const options = {
        clock,
        timeoutMs: 2500,
        deadlineMs: request.deadlineAt - clock.now(),
        slowMs: 2500,
        ttlMs,
      }
      for (const result of await run(selected, { ...options, onResult, known })) {
        if (result.status === 'fail' && result.causedBy === undefined) notified.push(result.checker)
      }
    },
  })
  return {
    clock,
    runs,
    notified,
    break: (code: FaultCode | undefined) => {
      fault = code
    },
    async get(asked = names) {
      const answer = cache.results(asked, {
        fresh: false,
        deadlineAt: clock.now() + deadlineMs,
        waitUntil: () => {},
      })
      let isAnswered = false
      const settled = Promise.resolve(answer).finally(() => {
        isAnswered = true
      })
      while (!isAnswered) await clock.advance(5)
      return settled
    },
  }
}

const causes = (results: readonly Result[]) => results.map(({ status, causedBy }) => [status, causedBy])
const attributed = [
  ['fail', undefined],
  ['fail', 'database'],
]

describe.each([-900, -20, 0, 20, 900])('two checks of a server that is away, %i ms apart', (apartMs) => {
  it.each([10, 777, 8990, 8995, 9000, 9010, 9020, 26_000, 60_000])(
    'are notified by the first of them whenever somebody polls %i ms later',
    async (pauseMs) => {
      const { clock, get, notified, break: breaks } = setUp({ apartMs })
      breaks('unreachable')
      for (let poll = 0; poll < 40; poll += 1) {
        expect(causes(await get()), `poll ${poll}`).toEqual(attributed)
        await clock.advance(pauseMs)
      }
      expect(new Set(notified)).toEqual(new Set(['database']))
    },
  )

  it('are notified by it from the first bad answer, at whatever moment the server goes away', async () => {
    for (let atMs = 0; atMs < 27_000; atMs += 990) {
      const { clock, get, notified, break: breaks } = setUp({ apartMs })
      await get()
      await clock.advance(atMs)
      breaks('unreachable')
      for (let poll = 0; poll < 12; poll += 1) {
        await get()
        await clock.advance(330)
      }
      expect(new Set(notified), `${atMs} ms`).not.toContain('migrations')
    }
  })
})

describe('two checks of one server', () => {
  it('are asked no more often than before while all is well', async () => {
    const { clock, get, runs } = setUp({ apartMs: 20 })
    for (let poll = 0; poll < 10; poll += 1) {
      await get()
      await clock.advance(27_000)
    }
    expect(runs).toEqual(Array.from({ length: 10 }, () => names))
  })

  it('are asked alone by a request that names one, and the fault of the other is still known', async () => {
    const { clock, get, runs, notified, break: breaks } = setUp({ apartMs: 0 })
    breaks('unreachable')
    await get(['database'])
    const [migrations] = await get(['migrations'])
    expect(migrations?.causedBy).toBe('database')
    expect(runs).toEqual([['database'], ['migrations']])
    await clock.advance(60_000)
    expect((await get(['migrations']))[0]?.causedBy).toBeUndefined()
    expect(notified).toEqual(['database', 'migrations'])
  })

  it('are notified separately where their faults are different ones', async () => {
    const { get, notified, break: breaks } = setUp({ apartMs: 0 })
    breaks('error')
    expect(causes(await get())).toEqual(attributed)
    breaks('not_configured')
    expect(notified).toEqual(['database'])
  })

  it('leave a longer time to live of the other one alone', async () => {
    const { clock, get, runs } = setUp({ apartMs: 0 })
    await get()
    await clock.advance(20_000)
    await get()
    expect(runs).toHaveLength(1)
  })
})
