import { describe, expect, it } from 'vitest'
import { parseHead } from '../../../src/checks/celery/head.ts'
import type { WorkerAnswer } from '../../../src/checks/celery/messages.ts'
import { nextLookMs } from '../../../src/checks/celery/schedule.ts'
import { createStuckQueues, stuckAfterMs } from '../../../src/checks/celery/stuck.ts'

/** The end of a message as kombu 5.2 writes it. */
const message = (task: string, { tag = `tag-of-${task}`, redelivered = false } = {}) =>
  `"ignore_result": true}, "properties": {"correlation_id": "${task}", "reply_to": "9b2d", "delivery_mode": 2, ` +
  `"delivery_info": {"exchange": "", "routing_key": "celery"${redelivered ? ', "redelivered": true' : ''}}, ` +
  `"priority": 0, "body_encoding": "base64", "delivery_tag": "${tag}"}}`

describe('the next message of a queue', () => {
  it('is known by its task and its tag', () => {
    expect(parseHead(message('4f2a', { tag: '91c0' }))).toEqual({ task: '4f2a', tag: '91c0' })
  })

  it('is another one when a task is retried, and unknown when it was given back', () => {
    expect(parseHead(message('4f2a', { tag: 'again' }))).not.toEqual(parseHead(message('4f2a')))
    expect(parseHead(message('4f2a', { redelivered: true }))).toBeUndefined()
  })

  it.each(['', 'not JSON', '{"correlation_id": "4f2a"}', '"delivery_tag": "91c0"}}'])(
    'is unknown in %j',
    (end) => {
      expect(parseHead(end)).toBeUndefined()
    },
  )
})

type Look = readonly [heads: Record<string, string>, answers: readonly WorkerAnswer[]]

const worker = (name: string, queues: string[], clock = 1): WorkerAnswer => ({ worker: name, queues, clock })
const w1 = worker('w1@vm', ['celery'])
const a = message('a')
const b = message('b')

/** What is stuck at the last of these looks, which follow each other by the time after which a queue is stuck. */
function stuckAfter(...looks: Look[]): string[] {
  const stuckQueues = createStuckQueues()
  const found = looks.map(([heads, answers], at) =>
    stuckQueues(new Map(Object.entries(heads)), answers, 1000 + at * stuckAfterMs),
  )
  return (found.at(-1) ?? []).map(({ queue }) => queue)
}

describe('a queue is stuck', () => {
  it('when the same workers leave the same message for the whole time', () => {
    expect(stuckAfter([{ celery: a }, [w1]], [{ celery: a }, [worker('w1@vm', ['celery'], 40)]])).toEqual([
      'celery',
    ])
  })

  it('only after that time, counted from the first look that saw it so', () => {
    const stuckQueues = createStuckQueues()
    const look = (nowMs: number) => stuckQueues(new Map([['celery', a]]), [w1], nowMs)
    expect(look(0)).toEqual([])
    expect(look(10_000)).toEqual([])
    expect(look(stuckAfterMs - 1)).toEqual([])
    expect(look(stuckAfterMs + 12_000)).toEqual([{ queue: 'celery', task: 'a', seconds: 42 }])
  })

  it.each([
    ['another message is next', [{ celery: b }, [w1]]],
    ['nothing waits', [{ celery: '' }, [w1]]],
    ['no worker consumes it', [{ celery: a }, [worker('w1@vm', ['mail'])]]],
    ['no worker answers', [{ celery: a }, []]],
    ['another worker consumes it', [{ celery: a }, [worker('w2@vm', ['celery'])]]],
    ['one more worker consumes it', [{ celery: a }, [w1, worker('w2@vm', ['celery'])]]],
    ['the queues were not seen', [{}, []]],
  ] as [string, Look][])('not when %s, and the time counts anew', (_situation, look) => {
    const before: Look = [{ celery: a }, [w1]]
    expect(stuckAfter(before, look)).toEqual([])
    expect(stuckAfter(before, look, before)).toEqual([])
  })

  it('not when the clock of its worker went back, which is a restart, and the time counts anew', () => {
    const before: Look = [{ celery: a }, [w1]]
    const restarted: Look = [{ celery: a }, [worker('w1@vm', ['celery'], 0)]]
    expect(stuckAfter(before, restarted)).toEqual([])
    expect(stuckAfter(before, restarted, restarted)).toEqual(['celery'])
  })

  it('not when its message was given back', () => {
    const given: Look = [{ celery: message('a', { redelivered: true }) }, [w1]]
    expect(stuckAfter(given, given, given)).toEqual([])
  })

  it('not when its worker takes from another queue, and yes when another worker does', () => {
    const both = worker('w1@vm', ['high', 'low'])
    expect(stuckAfter([{ low: a, high: a }, [both]], [{ low: a, high: b }, [both]])).toEqual([])
    const each = [worker('w1@vm', ['low']), worker('w2@vm', ['high'])]
    expect(stuckAfter([{ low: a, high: a }, each], [{ low: a, high: b }, each])).toEqual(['low'])
  })

  it('also where answers are not JSON', () => {
    const pickled: WorkerAnswer = { queues: [], unreadable: ' celery ', isSearchable: true, clock: 3 }
    expect(stuckAfter([{ celery: a }, [pickled]], [{ celery: a }, [pickled]])).toEqual(['celery'])
  })
})

it('looks for answers soon, then in growing pauses that end with the time', () => {
  for (const timeoutMs of [50, 1000, 20_000]) {
    const looks = [0]
    for (let looksLeft = 8; looksLeft > 0; looksLeft -= 1) {
      looks.push(nextLookMs(looks.at(-1) ?? 0, { looksLeft, timeoutMs, missing: 1 }))
    }
    expect(looks[1]).toBe(5)
    expect(looks.at(-1)).toBe(timeoutMs)
    expect(looks).toEqual(looks.toSorted((one, other) => one - other))
  }
  expect(nextLookMs(0, { looksLeft: 8, timeoutMs: 1000, missing: 2000 })).toBe(205)
})
