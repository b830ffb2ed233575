import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { cheaperPlans } from '../../../src/cli/doctor/cheaper.ts'
import { billedCommands, estimate } from '../../../src/cli/doctor/estimate.ts'
import { neon, upstash } from '../../../src/cli/doctor/list-prices.ts'
import { celeryCommands } from '../../../src/cli/doctor/plan-of.ts'
import { monitor, plan } from './plans.ts'

const prices = readFileSync('docs/prices.md', 'utf8')
const dollars = (amount: number) => `$${amount.toFixed(2)}`

describe('the database', () => {
  it.each([
    ['5 minutes, or more often', 300],
    ['10 minutes', 600],
    ['15 minutes (the cron that is shipped)', 900],
    ['30 minutes', 1800],
    ['60 minutes', 3600],
  ])('asked every %s costs what docs/prices.md says', (words, seconds) => {
    const { database } = estimate(plan({ crons: [], monitor: monitor(seconds) }))
    expect(prices).toContain(`| ${words} | ${dollars(database.dollars.launch)}`)
  })

  it('costs the same when the cron asks it at that interval, as wrangler.toml says', () => {
    const toml = readFileSync('wrangler.toml', 'utf8')
    for (const minutes of [10, 15, 30]) {
      const { database } = estimate(plan({ crons: [`*/${minutes} * * * *`] }))
      expect(toml).toMatch(new RegExp(`\\*/${minutes}\\s+\\${dollars(database.dollars.launch)}`))
    }
    expect(estimate(plan({ crons: ['rate(15 minutes)'] })).database).toEqual(estimate(plan()).database)
  })

  it('is awake for ever at 5 minutes, and a TTL of an hour lets it sleep', () => {
    const often = plan({ monitor: monitor(30) })
    expect(estimate(often).database).toMatchObject({ awakeHours: 720, computeHours: 180 })
    const ttlSeconds = { ...often.ttlSeconds, database: 3600, migrations: 3600 }
    const rare = estimate({ ...often, hasStore: true, ttlSeconds })
    expect(dollars(rare.database.dollars.launch)).toBe('$1.60')
    // Without a store the isolate of the cron asks as often as that of the monitor.
    expect(estimate({ ...often, ttlSeconds }).runs['database']).toBe(1440)
  })

  it('sleeps where nobody asks it, and has no price where it is not on Neon', () => {
    const asks = ['celery', 'redis']
    expect(estimate(plan({ crons: [], monitor: monitor(30, 1, asks) })).database.awakeHours).toBe(0)
    const elsewhere = estimate(plan({ billed: new Set(['application'] as const) }))
    expect(elsewhere.database).toMatchObject({ isBilled: false, dollars: { launch: 0, scale: 0 } })
    expect(elsewhere.dollars).toBe(elsewhere.redis.application?.dollars)
  })
})

describe('Redis', () => {
  it('is asked by each isolate for itself, and with a store by one for all', () => {
    const many = plan({ crons: [], monitor: monitor(30, 16) })
    const alone = estimate(many)
    expect(alone.requests).toBe(16 * 86_400)
    expect(alone.redis.application?.commands).toBe(16 * 86_400 * 12)
    expect(alone.runs['celery']).toBe(16 * 86_400)
    const shared = estimate({ ...many, hasStore: true })
    // The checkers ask every 1.875 s in all, so the first request after 27 s comes at 28.125 s.
    expect(shared.runs['celery']).toBeCloseTo(2_592_000 / 28.125, -2)
    expect(shared.redis.application?.commands).toBeLessThan(0.2 * (alone.redis.application?.commands ?? 0))
  })

  it('bills a write once more in each read region, as docs/prices.md says', () => {
    const row = (what: string) =>
      prices
        .split('\n')
        .find((line) => line.startsWith(`| ${what} |`))
        ?.split('|')
        .slice(4, 7)
        .map(Number)
    const at = (commands: { reads: number; writes: number }) =>
      [0, 1, 3].map((regions) => billedCommands(commands, regions))
    expect(at(celeryCommands({ probe: 'control' }, 0))).toEqual(row('`celery` check'))
    expect(at({ reads: 1, writes: 0 })).toEqual(row('`redis` check'))
    expect(at({ reads: 0, writes: 1 })).toEqual(row('`redis` check with `HEALTH_REDIS_WRITE=on`'))
  })

  it('has a broker of its own where that is another database', () => {
    const commands = { ...plan().commands, celery: { database: 'broker' as const, reads: 6, writes: 5 } }
    const { redis, dollars: all, database } = estimate(plan({ commands }))
    expect(redis).toMatchObject({ application: { commands: 2880 }, broker: { commands: 2880 * 11 } })
    expect(all).toBeCloseTo(database.dollars.launch + 2880 * 12 * upstash.dollarsPerCommand, 6)
  })

  it('stands for the month by a part of it where there are too many requests to play', () => {
    const { requests, redis } = estimate(plan({ crons: [], monitor: monitor(1, 100) }))
    expect(requests).toBe(259_200_000)
    // 27 s after a run each isolate runs again; the shorter time begins with a run of each.
    const share = (redis.application?.commands ?? 0) / ((259_200_000 / 27) * 12)
    expect(share).toBeGreaterThanOrEqual(1)
    expect(share).toBeLessThan(1.02)
  })
})

describe('what would be cheaper', () => {
  it('is listed with its price, the cheapest first, and all together', () => {
    const often = plan({ crons: ['*/5 * * * *'], monitor: monitor(30, 16) })
    const now = estimate(often)
    const list = cheaperPlans(often, now)
    expect(list[0]?.change).toBe('all of these')
    const total = list.map((each) => each.estimate.dollars)
    expect(total).toEqual(total.toSorted((a, b) => a - b))
    expect(Math.max(...total)).toBeLessThan(now.dollars)
    const changes = list.map(({ change }) => change)
    expect(changes).toContain('HEALTH_STORE=redis')
    expect(changes).toContain('CELERY_PROBE=heartbeat')
    expect(changes).toContain('HEALTH_DATABASE_TTL_PASS=3600 and HEALTH_MIGRATIONS_TTL_PASS=3600')
  })

  it('is not what is set already, and nothing that saves nothing', () => {
    const calm = plan({ ttlSeconds: { database: 3600, migrations: 3600, celery: 3600, redis: 3600 } })
    expect(cheaperPlans(calm, estimate(calm))).toEqual([])
    const changes = cheaperPlans(plan(), estimate(plan())).map(({ change }) => change)
    // The store would cost more than it saves: the cron alone asks.
    expect(changes).not.toContain('HEALTH_STORE=redis')
    expect(changes).not.toContain('the cron */15 * * * *')
  })
})

it('the list prices are those of docs/prices.md', () => {
  expect(prices).toContain(`$${neon.dollarsPerComputeHour.launch} per CU-hour`)
  expect(prices).toContain(`${neon.minComputeUnits} CU on the Launch plan`)
  expect(prices).toContain(`the Free plan's ${neon.freeComputeHours} are gone in 17 days`)
})
