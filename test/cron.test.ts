import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config/config.ts'
import type { Result } from '../src/core/check.ts'
import { createScrub } from '../src/core/scrub.ts'
import { type CronOptions, createCron } from '../src/cron.ts'
import { maxPingMs } from '../src/notify/heartbeat.ts'
import { createLog } from '../src/notify/log.ts'
import type { CronRun, EndedCronRun, Notifier } from '../src/notify/notifier.ts'
import { createNotify } from '../src/notify/notify.ts'
import { monitorConfig } from '../src/notify/sentry/monitor.ts'
import { failing, passing } from './notify/results.ts'
import { type FakeClock, fakeClock } from './support/fake-clock.ts'
import { parseYaml } from './support/yaml.ts'

const cronRun: CronRun = { hostname: 'health-check/fra', release: '4f2a91c', schedule: '*/15 * * * *' }

function setUp(more: Partial<Omit<CronOptions, 'clock'>> & { clock?: FakeClock } = {}) {
  const clock = more.clock ?? fakeClock()
  const lines: string[] = []
  const notified: EndedCronRun[] = []
  const order: string[] = []
  const notifier: Notifier = {
    name: 'witness',
    begin() {
      order.push('begin')
      return async (end) => {
        order.push('end')
        notified.push(end)
        return 'sent'
      }
    },
  }
  const log = createLog((line) => lines.push(line))
  const scrub = createScrub(['planted-secret'])
  const notifiers = more.notifiers ?? [notifier]
  const cron = createCron({
    clock,
    checkers: ['database', 'redis'],
    deadlineMs: 3500,
    results: async () => {
      order.push('run')
      return [passing('database'), passing('redis')]
    },
    notifiers,
    notify: createNotify(notifiers, log, scrub),
    log,
    scrub,
    ...more,
  })
  const ended: number[] = []
  /** A cron run to its end, whatever waits in it. */
  const run = async () => {
    const ending = cron(cronRun).finally(() => ended.push(clock.monotonic()))
    ending.catch(() => {})
    while (ended.length === 0) await clock.advance(500)
    return ending
  }
  return { cron, run, ended, clock, notified, order, lines: () => lines.map((line) => JSON.parse(line)) }
}

/** Results of one answer after the other; the last one repeats. */
function answers(...each: (readonly Result[])[]) {
  const asked: { names: readonly string[]; fresh: boolean; at: number }[] = []
  const results: CronOptions['results'] = async (names, { fresh, deadlineAt }) => {
    asked.push({ names, fresh, at: deadlineAt })
    const answer = each[Math.min(asked.length, each.length) - 1] ?? []
    return answer.filter(({ checker }) => names.includes(checker))
  }
  return { asked, results }
}

describe('a cron run', () => {
  it('asks every check within the deadline, frames the run, and writes one line', async () => {
    const asked: unknown[] = []
    const { cron, clock, notified, order, lines } = setUp({
      async results(names, { fresh, deadlineAt }) {
        asked.push({ names, fresh, deadlineAt })
        order.push('run')
        await clock.advance(120)
        return [passing('database'), passing('redis', { status: 'warn', code: 'slow' })]
      },
    })
    await cron(cronRun)
    expect(asked).toEqual([
      { names: ['database', 'redis'], fresh: false, deadlineAt: clock.now() - 120 + 3500 },
    ])
    expect(order).toEqual(['begin', 'run', 'end'])
    expect(notified).toMatchObject([{ ...cronRun, passed: true, durationMs: 120 }])
    expect(lines()).toEqual([
      {
        message: 'cron run',
        level: 'warn',
        trigger: 'cron',
        hostname: 'health-check/fra',
        release: '4f2a91c',
        status: 'warn',
        duration: 0.12,
        results: [
          { checker: 'database', status: 'pass', code: 'ok', response_time: 0.012431 },
          { checker: 'redis', status: 'warn', code: 'slow', response_time: 0.012431, output: 'redis ok' },
        ],
        notified: { witness: 'sent' },
      },
    ])
  })

  it('asks only what no earlier run has confirmed a second time', async () => {
    const { results, asked } = answers([failing('database', 'timeout'), failing('redis', 'timeout')])
    const confirmed = async (failed: readonly Result[]) => {
      expect(failed.map(({ checker }) => checker)).toEqual(['database', 'redis'])
      return new Set(['database'])
    }
    const { run, notified } = setUp({ results, confirmed })
    await run()
    expect(asked.map(({ names }) => names)).toEqual([['database', 'redis'], ['redis']])
    expect(notified).toMatchObject([
      { passed: false, results: [{ checker: 'database' }, { checker: 'redis' }] },
    ])
  })

  it('reports at once what earlier runs have confirmed', async () => {
    const { results, asked } = answers([failing('database', 'timeout'), passing('redis')])
    const { cron, notified, lines } = setUp({ results, confirmed: async () => new Set(['database']) })
    await cron(cronRun)
    expect(asked).toHaveLength(1)
    expect(notified).toMatchObject([{ passed: false }])
    expect(lines()[0]).not.toHaveProperty('first_answer')
  })

  it('ends well when a check fails', async () => {
    const { run, notified, lines } = setUp({ results: async () => [failing('database', 'timeout')] })
    await run()
    expect(notified).toMatchObject([{ passed: false, results: [{ code: 'timeout' }] }])
    expect(lines()).toMatchObject([
      { level: 'error', status: 'fail', results: [{ reason: 'the connection failed' }] },
    ])
  })

  it('ends badly when the checks cannot be run, and tells everybody but no secret', async () => {
    const bugs: unknown[] = []
    const bug = new Error('no run with planted-secret')
    const witness: Notifier = { name: 'bugs', bug: (error) => void bugs.push(error) }
    const notified: EndedCronRun[] = []
    const recorder: Notifier = {
      name: 'recorder',
      begin: () => async (end) => `notified ${notified.push(end)}`,
    }
    const { run, lines } = setUp({ results: () => Promise.reject(bug), notifiers: [witness, recorder] })
    const thrown = await run().catch((error: unknown) => error)
    expect(String(thrown)).toBe('Error: the checks could not be run; the reason is in the line before')
    expect((thrown as Error).cause).toBeUndefined()
    expect(bugs).toEqual([bug, bug])
    expect(notified).toMatchObject([{ passed: false, results: [] }])
    expect(lines()).toMatchObject([
      {
        level: 'error',
        status: 'fail',
        reason: 'Error: no run with [redacted]',
        notified: { recorder: 'notified 1' },
      },
    ])
  })

  it('gets over notifiers that throw, and says why, scrubbed', async () => {
    const rejects: Notifier = {
      name: 'rejects',
      begin: () => () => Promise.reject(new Error('no planted-secret')),
    }
    const throws: Notifier = {
      name: 'throws',
      begin() {
        throw new Error('not even begun')
      },
    }
    const throwsLate: Notifier = {
      name: 'throws late',
      begin: () => () => {
        throw new Error('not ended')
      },
    }
    const { cron, lines } = setUp({ notifiers: [rejects, throws, throwsLate] })
    await cron(cronRun)
    expect(lines()).toMatchObject([
      { level: 'error', message: 'bug in the notifier throws', reason: 'Error: not even begun' },
      { level: 'error', message: 'bug in the notifier throws late', reason: 'Error: not ended' },
      { level: 'error', message: 'bug in the notifier rejects', reason: 'Error: no [redacted]' },
      { status: 'pass', notified: { rejects: 'not sent', throws: 'not sent', 'throws late': 'not sent' } },
    ])
  })

  it('ends only when the work behind the results has ended, that which came later too', async () => {
    const ended: string[] = []
    const { cron, clock } = setUp({
      async results(_names, { waitUntil }) {
        waitUntil(
          clock.sleep(100).then(() => {
            waitUntil(clock.sleep(100).then(() => ended.push('second')))
            ended.push('first')
          }),
        )
        return [passing('database')]
      },
    })
    const running = cron(cronRun).then(() => ended.push('cron'))
    await clock.advance(300)
    await running
    expect(ended).toEqual(['first', 'second', 'cron'])
  })
})

describe('a bad answer of a cron run', () => {
  const healthy = [passing('database'), passing('redis')]
  const bad = [passing('database'), failing('redis', 'unreachable')]

  it('notifies nobody when the second one, ten seconds later, is good', async () => {
    const { asked, results } = answers(bad, healthy)
    const { run, notified, lines, clock } = setUp({ results })
    const start = clock.now()
    await run()
    expect(asked).toEqual([
      { names: ['database', 'redis'], fresh: false, at: start + 3500 },
      { names: ['redis'], fresh: true, at: start + 10_000 + 3500 },
    ])
    expect(notified).toMatchObject([{ passed: true, results: [{ checker: 'database' }, { code: 'ok' }] }])
    expect(lines()).toMatchObject([
      {
        level: 'info',
        status: 'pass',
        results: [{ checker: 'database' }, { checker: 'redis', code: 'ok' }],
        first_answer: {
          failed: [{ checker: 'redis', code: 'unreachable', reason: 'the connection failed' }],
        },
      },
    ])
  })

  it('is notified when the second one is bad too, as the second one says it', async () => {
    const { asked, results } = answers(bad, [failing('redis', 'timeout')], healthy)
    const { run, notified } = setUp({ results })
    await run()
    expect(asked).toHaveLength(2)
    expect(notified).toMatchObject([{ passed: false, results: [{ code: 'ok' }, { code: 'timeout' }] }])
  })

  it('is asked about as a whole when the checks could not be run at first', async () => {
    let runs = 0
    const results: CronOptions['results'] = async () => {
      runs += 1
      if (runs === 1) throw new Error('once')
      return healthy
    }
    const { run, notified, lines } = setUp({ results })
    await run()
    expect(notified).toMatchObject([{ passed: true, results: healthy }])
    expect(lines()).toMatchObject([{ status: 'pass', first_answer: { reason: 'Error: once' } }])
  })

  it('costs nothing when there is none: a warning is asked about once', async () => {
    const { asked, results } = answers([passing('database', { status: 'warn', code: 'slow' })])
    const { run, lines } = setUp({ results })
    await run()
    expect(asked).toHaveLength(1)
    expect(lines()[0]).not.toHaveProperty('first_answer')
  })
})

describe('the longest cron run', () => {
  const { functions } = parseYaml(readFileSync('serverless.yml', 'utf8')) as {
    functions: { health: { timeout: number } }
  }
  const longestDeadlineMs = 25_000

  it.each([
    ['of the template, with the longest deadline', longestDeadlineMs, functions.health.timeout, 81],
    ['of a function that was set up with 45 s, with the default deadline', 3500, 45, 38],
  ])('fits into the time limit %s', async (_, deadlineMs, limitSeconds, expectedSeconds) => {
    const clock = fakeClock()
    const silent: Notifier = {
      name: 'heartbeat',
      begin: () => async () => {
        await clock.sleep(maxPingMs)
        return 'timeout'
      },
    }
    const { run, ended } = setUp({
      clock,
      deadlineMs,
      notifiers: [silent],
      async results(_names, { deadlineAt }) {
        await clock.sleep(deadlineAt - clock.now())
        return [failing('database', 'timeout'), failing('redis', 'timeout')]
      },
    })
    await run()
    expect(ended).toEqual([expectedSeconds * 1000])
    // Sentry takes a run that ends later for one that has failed.
    const { maxRuntime } = monitorConfig({ type: 'interval', value: 15, unit: 'minute' })
    expect(expectedSeconds).toBeLessThan(maxRuntime * 60)
    // Loading the code and the SDK is inside of the limit too.
    expect(limitSeconds - expectedSeconds).toBeGreaterThanOrEqual(7)
  })

  it('is as long as the configuration allows', () => {
    const variable = 'HEALTH_DEADLINE_MS'
    const isMistake = (ms: number) =>
      readConfig({ [variable]: String(ms) }).mistakes.some((mistake) => mistake.variable === variable)
    expect([longestDeadlineMs, longestDeadlineMs + 1].map(isMistake)).toEqual([false, true])
  })
})
