import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { failUrl, heartbeatNotifier, summary } from '../../src/notify/heartbeat.ts'
import type { EndedCronRun } from '../../src/notify/notifier.ts'
import { type HeartbeatService, startHeartbeat } from '../servers/heartbeat.ts'
import { freePort, until } from '../servers/process.ts'
import { type FakeClock, fakeClock } from '../support/fake-clock.ts'
import { failing, passing } from './results.ts'

let service: HeartbeatService
beforeAll(async () => {
  service = await startHeartbeat()
})
afterAll(() => service?.close())
afterEach(() => {
  service.pings.splice(0)
  service.status = 200
})

const cronRun = { hostname: 'health-check/fra', release: '4f2a91c', schedule: undefined, durationMs: 1234.5 }
const good: EndedCronRun = { ...cronRun, passed: true, results: [passing('database'), passing('redis')] }
const bad: EndedCronRun = {
  ...cronRun,
  passed: false,
  results: [failing('database', 'timeout'), passing('redis')],
}

async function ping(
  url: string,
  end: EndedCronRun,
  clock: FakeClock = fakeClock(),
): Promise<string | undefined> {
  return heartbeatNotifier(url, clock).begin?.({ ...cronRun })(end)
}

describe('the heartbeat', () => {
  it('pings the URL itself when all is well, with a summary', async () => {
    expect(await ping(`${service.url}/d1665499-e827`, good)).toBe('sent')
    expect(service.pings).toEqual([
      {
        method: 'POST',
        path: '/d1665499-e827',
        body: 'health-check/fra 4f2a91c\nall checks pass\ndatabase: pass ok, database ok\nredis: pass ok, redis ok\n1235 ms',
      },
    ])
  })

  it('adds /fail to the path when a check fails, and says which', async () => {
    await ping(`${service.url}/api/v1/heartbeat/token`, bad)
    expect(service.pings).toMatchObject([{ path: '/api/v1/heartbeat/token/fail' }])
    expect(service.pings[0]?.body).toContain(
      'not all checks pass\ndatabase: fail timeout, database did not answer',
    )
  })

  it.each([
    ['https://hc-ping.com/uuid', 'https://hc-ping.com/uuid/fail'],
    ['https://hc-ping.com/uuid/', 'https://hc-ping.com/uuid/fail'],
    ['https://hc-ping.com/key/slug?create=1', 'https://hc-ping.com/key/slug/fail?create=1'],
    ['https://push.example', 'https://push.example/fail'],
  ])('makes of %s, on a bad run, %s', (url, expected) => {
    expect(failUrl(url)).toBe(expected)
  })

  it.each([
    [500, 3, 'refused with status 500'],
    [429, 3, 'refused with status 429'],
    [0, 3, 'unreachable'],
    [404, 1, 'refused with status 404'],
    [302, 1, 'refused with status 302'],
  ])('gets over status %i in %i tries', async (status, tries, delivery) => {
    service.status = status
    const clock = fakeClock()
    const pinging = ping(service.url, good, clock)
    for (let wait = 1; wait < tries; wait += 1) {
      await until(`try ${wait}`, () => service.pings.length === wait && clock.timers > 0)
      await clock.advance(2000)
    }
    expect(await pinging).toBe(delivery)
    expect(service.pings).toHaveLength(tries)
  })

  it('tries again and is satisfied with the first answer', async () => {
    service.status = 503
    const clock = fakeClock()
    const pinging = ping(service.url, good, clock)
    await until('the first try', () => clock.timers > 0)
    service.status = 200
    await clock.advance(1000)
    expect(await pinging).toBe('sent')
    expect(service.pings).toHaveLength(2)
  })

  it('never rejects, not even when nobody listens', async () => {
    const clock = fakeClock()
    const pinging = ping(`http://127.0.0.1:${await freePort()}`, good, clock)
    for (const waitMs of [1000, 2000]) {
      await until('a further try', () => clock.timers > 0)
      await clock.advance(waitMs)
    }
    expect(await pinging).toBe('unreachable')
  })

  it('says so when the checks could not be run, and is never longer than the services keep', () => {
    expect(summary({ ...cronRun, passed: false, results: [] })).toContain('the checks could not be run')
    const many = Array.from({ length: 99 }, (_, index) =>
      passing(`check-${index}`, { output: 'x'.repeat(200) }),
    )
    expect(summary({ ...cronRun, passed: true, results: many }).length).toBeLessThanOrEqual(4000)
  })

  it.each([good, bad])('never uses the words that monitors search for', (end) => {
    expect(summary(end)).not.toMatch(/success|failure/i)
  })
})
