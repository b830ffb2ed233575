/** Alerts of several isolates with one store: who is notified, and how often. */
import { text } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import { createAlerting } from '../../src/notify/alerts/alerting.ts'
import { type Channel, webhookChannel } from '../../src/notify/alerts/channels.ts'
import { serve } from '../support/http.ts'
import { setUpIsolates, ttlMs } from './isolates.ts'

/** How long the channel takes, on the clock of the test. */
const channelMs = 200

interface SentMessage {
  readonly event: string
  readonly check: string
  readonly id: string
}
let notified: SentMessage[] = []
let posts = 0
let status = 200
let url = ''
beforeEach(async () => {
  notified = []
  posts = 0
  status = 200
  url = await serve(async (request, response) => {
    const body = await text(request)
    posts += 1
    if (status === 200) notified.push(JSON.parse(body))
    response.writeHead(status).end()
  })
})

/** @param isRemembering whether isolates live on; else each of them knows only what is in the store */
function setUp({ isRemembering = false, remindAfterMs = undefined as number | undefined } = {}) {
  let clock: ReturnType<typeof setUpIsolates>['clock'] | undefined
  const all = setUpIsolates({
    notify: () => {
      const create = () => {
        if (!clock) throw new Error('nothing runs yet')
        const { now, sleep } = clock
        const webhook = webhookChannel(url, 'planted-webhook-secret', now)
        // What others write in the meantime is seen when it has been sent.
        const request: Channel['request'] = async (event) => {
          await sleep(channelMs)
          return webhook.request(event)
        }
        const channels = [{ ...webhook, request }]
        const rules = { after: 2, resolveAfter: 2, remindAfterMs, warnings: false }
        return createAlerting({ channels, rules, clock, complain: () => {} })
      }
      let kept: ReturnType<typeof create> | undefined
      return (...of) => {
        kept = isRemembering && kept ? kept : create()
        return kept.notify(...of)
      }
    },
  })
  clock = all.clock
  const { outcome, isolate, move } = all
  const isolates = ['a', 'b', 'c'].map((name) => isolate(name))
  let turn = 0
  const rounds = async (count: number) => {
    for (let round = 0; round < count; round += 1) {
      await isolates[turn % isolates.length]?.ask()
      turn += 1
      await move(ttlMs.pass + 10)
    }
  }
  /** Isolates that are too far from the store for a lease, and run almost at the same moment. */
  const runsFar = async () => {
    all.memory.before = () => all.clock.sleep(180)
    const far = ['d', 'e', 'f'].map((name) => isolate(name))
    const asking = far.map(async (each, index) => {
      await all.clock.sleep(5 * index)
      await each.begin()
    })
    await move(1500)
    await Promise.all(asking)
    await move(800)
    all.memory.before = async () => {}
    return far
  }
  return {
    ...all,
    rounds,
    runsFar,
    fail: (...names: string[]) => {
      outcome.of = (checker) => (names.includes(checker) ? { status: 'fail', code: 'unreachable' } : {})
    },
  }
}
const events = () => notified.map(({ event, check }) => `${check} ${event}`)

describe('alerts of three isolates with one store', () => {
  it('are one message when a check begins to fail and one when it works again', async () => {
    const { rounds, fail } = setUp()
    await rounds(4)
    fail('database')
    await rounds(6)
    fail()
    await rounds(4)
    expect(events()).toEqual(['database fired', 'database resolved'])
  })

  it('come with the second bad run, 9 s after the first, whichever isolate made it', async () => {
    const { isolate, rounds, fail, move, runs } = setUp()
    await rounds(3)
    fail('database')
    const bad = runs.length
    for (const name of ['d', 'e']) {
      await isolate(name).ask()
      await move(ttlMs.fail + 10)
    }
    expect(runs.slice(bad).map((run) => run.isolate)).toEqual(['d', 'e'])
    expect(events()).toEqual(['database fired'])
  })

  it('are none of a single bad run', async () => {
    const { rounds, fail } = setUp()
    await rounds(3)
    fail('database')
    await rounds(1)
    fail()
    await rounds(3)
    expect(events()).toEqual([])
  })

  it('are not doubled when the state could not be written, but for one that has the same id', async () => {
    const { rounds, fail, memory } = setUp()
    await rounds(3)
    fail('database')
    await rounds(1)
    // Killed between send and write.
    memory.before = async ([verb, key]) => {
      if (verb === 'SET' && key?.endsWith(':history')) throw new Error('killed')
    }
    await rounds(1)
    memory.before = async () => {}
    await rounds(3)
    expect(events().length).toBeGreaterThanOrEqual(1)
    expect(events().length).toBeLessThanOrEqual(2)
    expect(new Set(notified.map(({ id }) => id)).size).toBe(1)
  })

  it('are one message where several isolates see the second bad run at the same moment', async () => {
    const { rounds, fail, runsFar } = setUp({ isRemembering: true })
    await rounds(3)
    fail('database')
    await rounds(1)
    await runsFar()
    await rounds(2)
    expect(events()).toEqual(['database fired'])
  })

  it('are one reminder where several isolates see at the same moment that it is due', async () => {
    const { rounds, fail, move, runsFar } = setUp({ isRemembering: true, remindAfterMs: 60_000 })
    await rounds(3)
    fail('database')
    await rounds(2)
    expect(events()).toEqual(['database fired'])
    await move(60_000)
    posts = 0
    for (const each of await runsFar()) {
      await move(ttlMs.fail + 10)
      await each.ask()
    }
    expect(events()).toEqual(['database fired', 'database reminder'])
  })

  it('are sent once a run to a channel that does not take them, also where other runs write meanwhile', async () => {
    const { rounds, fail, runsFar } = setUp({ isRemembering: true })
    await rounds(3)
    fail('database')
    await rounds(1)
    status = 503
    await runsFar()
    expect(posts).toBe(1)
  })

  it('are both sent where two checks are asked by themselves at the same moment', async () => {
    const { isolate, rounds, fail, move } = setUp({ isRemembering: true })
    await rounds(3)
    fail('database', 'redis')
    await rounds(1)
    const g = isolate('g')
    const both = [g.begin(['database']), g.begin(['redis'])]
    await move(1500)
    await Promise.all(both)
    await rounds(2)
    expect(events().toSorted()).toEqual(['database fired', 'redis fired'])
  })

  it('come within a minute where the isolate that was about to say it is gone', async () => {
    const { rounds, fail, memory, clock } = setUp()
    await rounds(3)
    fail('database')
    await rounds(1)
    memory.before = async ([, key = '']) => {
      if (key.endsWith(':alerting'))
        memory.values.set(key, { value: '', expiresAt: clock.monotonic() + 5000 })
    }
    await rounds(1)
    expect(events()).toEqual([])
    memory.before = async () => {}
    await rounds(3)
    expect(events()).toEqual(['database fired'])
  })

  it('are said while the store is away too: it may be what has failed', async () => {
    const { isolate, fail, memory, move } = setUp()
    const a = isolate('a')
    await a.ask()
    await move(ttlMs.pass + 10)
    memory.before = async () => {
      throw new Error('the connection failed')
    }
    fail('redis', 'celery')
    await a.askAgain(4, ttlMs.fail + 10)
    expect(new Set(events())).toEqual(new Set(['redis fired', 'celery fired']))
  })

  it('reach a channel that was away, once it is back', async () => {
    const { rounds, fail } = setUp()
    await rounds(2)
    fail('database')
    status = 503
    await rounds(4)
    status = 200
    await rounds(4)
    expect(events()).toEqual(['database fired'])
  })

  it('are muted in a maintenance window, and the history says so', async () => {
    const { rounds, fail, maintenance, memory } = setUp()
    await rounds(2)
    maintenance.isOpen = true
    fail('database')
    await rounds(5)
    expect(events()).toEqual([])
    expect(memory.values.get('edge-health:health-check:history')?.value).toContain('unreachable')
    maintenance.isOpen = false
    await rounds(3)
    expect(events()).toEqual(['database fired'])
  })
})
