import { describe, expect, it } from 'vitest'
import { type CronOptions, createCron } from '../src/cron.ts'
import { createScrub } from '../src/scrub.ts'
import { createLog } from '../src/sinks/log.ts'
import type { EndedTick, Sink, Tick } from '../src/sinks/sink.ts'
import { createTell } from '../src/sinks/tell.ts'
import { failing, passing } from './sinks/results.ts'
import { fakeClock } from './support/fake-clock.ts'

const tick: Tick = { hostname: 'health-check/fra', release: '4f2a91c', schedule: '*/15 * * * *' }

function setUp(more: Partial<CronOptions> = {}) {
  const clock = fakeClock()
  const lines: string[] = []
  const told: EndedTick[] = []
  const order: string[] = []
  const sink: Sink = {
    name: 'witness',
    begin() {
      order.push('begin')
      return async (end) => {
        order.push('end')
        told.push(end)
        return 'sent'
      }
    },
  }
  const log = createLog((line) => lines.push(line))
  const scrub = createScrub(['planted-secret'])
  const sinks = more.sinks ?? [sink]
  const cron = createCron({
    clock,
    checkers: ['database', 'redis'],
    deadlineMs: 3500,
    results: async () => {
      order.push('run')
      return [passing('database'), passing('redis')]
    },
    sinks,
    tell: createTell(sinks, log, scrub),
    log,
    scrub,
    ...more,
  })
  return { cron, clock, told, order, lines: () => lines.map((line) => JSON.parse(line)) }
}

describe('a cron run', () => {
  it('asks every check within the deadline, frames the run, and writes one line', async () => {
    const asked: unknown[] = []
    const { cron, clock, told, order, lines } = setUp({
      async results(names, { fresh, deadlineAt }) {
        asked.push({ names, fresh, deadlineAt })
        order.push('run')
        await clock.advance(120)
        return [passing('database'), passing('redis', { status: 'warn', code: 'slow' })]
      },
    })
    await cron(tick)
    expect(asked).toEqual([
      { names: ['database', 'redis'], fresh: false, deadlineAt: clock.now() - 120 + 3500 },
    ])
    expect(order).toEqual(['begin', 'run', 'end'])
    expect(told).toMatchObject([{ ...tick, passed: true, durationMs: 120 }])
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
          { checker: 'redis', status: 'warn', code: 'slow', response_time: 0.012431 },
        ],
        told: { witness: 'sent' },
      },
    ])
  })

  it('ends well when a check fails', async () => {
    const { cron, told, lines } = setUp({ results: async () => [failing('database', 'timeout')] })
    await cron(tick)
    expect(told).toMatchObject([{ passed: false, results: [{ code: 'timeout' }] }])
    expect(lines()).toMatchObject([
      { level: 'error', status: 'fail', results: [{ reason: 'the connection failed' }] },
    ])
  })

  it('ends badly when the checks cannot be run, and tells everybody but no secret', async () => {
    const bugs: unknown[] = []
    const bug = new Error('no run with planted-secret')
    const witness: Sink = { name: 'bugs', bug: (error) => void bugs.push(error) }
    const told: EndedTick[] = []
    const teller: Sink = { name: 'teller', begin: () => async (end) => `told ${told.push(end)}` }
    const { cron, lines } = setUp({ results: () => Promise.reject(bug), sinks: [witness, teller] })
    const thrown = await cron(tick).catch((error: unknown) => error)
    expect(String(thrown)).toBe('Error: the checks could not be run; the reason is in the line before')
    expect((thrown as Error).cause).toBeUndefined()
    expect(bugs).toEqual([bug])
    expect(told).toMatchObject([{ passed: false, results: [] }])
    expect(lines()).toMatchObject([
      { level: 'error', status: 'fail', reason: 'Error: no run with [redacted]', told: { teller: 'told 1' } },
    ])
  })

  it('gets over sinks that throw', async () => {
    const rejects: Sink = { name: 'rejects', begin: () => () => Promise.reject(new Error('no')) }
    const { cron, lines } = setUp({ sinks: [rejects] })
    await cron(tick)
    expect(lines()).toMatchObject([{ status: 'pass', told: { rejects: 'not sent' } }])
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
    const running = cron(tick).then(() => ended.push('cron'))
    await clock.advance(300)
    await running
    expect(ended).toEqual(['first', 'second', 'cron'])
  })
})
