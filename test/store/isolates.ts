import { type CacheRequest, createCache } from '../../src/core/cache/cache.ts'
import type { Result } from '../../src/core/check.ts'
import type { Identity } from '../../src/core/report.ts'
import type { NotifyChanges } from '../../src/store/recorder.ts'
import { createStore } from '../../src/store/store.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { memoryStore } from '../support/memory-store.ts'
import { watchRealWork } from '../support/settle-real-work.ts'

export const ttlMs = { pass: 27_000, warn: 27_000, fail: 9000 }
export const token = 'planted-health-token'
const checkers = ['database', 'migrations', 'celery', 'redis']
const dependsOn: Readonly<Record<string, string>> = { migrations: 'database', celery: 'redis' }

/** Several isolates with one store, on a clock that stands still. */
export function setUpIsolates({
  runMs = 50,
  sharedMs = 300,
  ttl = ttlMs,
  notify = (_isolate: string): NotifyChanges | undefined => undefined,
} = {}) {
  const maintenance = { isOpen: false }
  const clock = fakeClock()
  const realWorkSettled = watchRealWork()
  const move = async (ms: number) => {
    for (const end = clock.monotonic() + ms; clock.monotonic() < end; ) {
      await realWorkSettled()
      await clock.advance(Math.min(10, end - clock.monotonic()))
    }
    await realWorkSettled()
  }
  const memory = memoryStore(clock)
  const runs: { isolate: string; names: readonly string[] }[] = []
  const complaints: string[] = []
  const outcome: { of: (checker: string) => Partial<Result> } = { of: () => ({}) }

  function isolate(
    name: string,
    {
      configuration = 'the same',
      key = undefined as string | undefined,
      /** By how many ms its clock is ahead. */
      aheadMs = (): number => 0,
    } = {},
  ) {
    const ownClock = { ...clock, now: () => clock.now() + aheadMs() }
    const background: Promise<unknown>[] = []
    const results = createStore({
      open: memory.open,
      clock: ownClock,
      key,
      token,
      configuration: () => configuration,
      checkers,
      expectedMs: 900_000,
      isMaintenance: () => maintenance.isOpen,
      notify: notify(name),
      complain: (message, reason) => complaints.push(`${message}: ${reason}`),
    })
    const cache = createCache<CacheRequest & Identity>({
      clock: ownClock,
      ttlMs: (_checker, status) => ttl[status],
      dependsOn: (checker) => dependsOn[checker],
      deadlineMs: 3500,
      shared: { results, sharedMs, runMs: 2600 },
      async refresh(names, _request, onResult) {
        runs.push({ isolate: name, names })
        await clock.sleep(runMs)
        for (const checker of names) {
          const more = outcome.of(checker)
          const timestamp = ownClock.now()
          const status = more.status ?? 'pass'
          onResult({
            checker,
            status,
            code: 'ok',
            output: `${checker} ok`,
            timestamp,
            expires: timestamp + ttl[status],
            responseTime: runMs,
            ...more,
          })
        }
      },
    })
    const request = () => ({
      fresh: false,
      deadlineAt: ownClock.now() + 3500,
      waitUntil: (work: Promise<unknown>) => background.push(work),
      hostname: 'health-check/fra',
      release: undefined,
    })
    return {
      background,
      /** Asks, and moves the clock until the answer is there and its background work has ended. */
      async ask(names: readonly string[] = checkers, more: Partial<CacheRequest> = {}) {
        const startedAt = clock.monotonic()
        const asking = this.begin(names, more)
        let answer: Result[] | undefined
        void Promise.resolve(asking).then((found) => {
          answer = found
        })
        while (answer === undefined && clock.monotonic() - startedAt < 10_000) await move(1)
        const ms = clock.monotonic() - startedAt
        const ended = { all: false }
        void Promise.all(background).then(() => {
          ended.all = true
        })
        while (!ended.all && clock.monotonic() - startedAt < 10_000) await move(1)
        return { results: await asking, ms }
      },
      /** Asks so many times, and lets so many ms pass after each. */
      async askAgain(times: number, everyMs: number) {
        for (let round = 0; round < times; round += 1) {
          await this.ask()
          await move(everyMs)
        }
      },
      begin: (names: readonly string[] = checkers, more: Partial<CacheRequest> = {}) =>
        cache.results(names, { ...request(), ...more }),
      /** What is known, without a run. */
      last: () => cache.last(checkers, request()),
    }
  }
  return { clock, move, memory, runs, complaints, maintenance, outcome, isolate }
}
