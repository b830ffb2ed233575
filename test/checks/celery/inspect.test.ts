import { describe, expect, it } from 'vitest'
import { type InspectSettings, inspectWorkers } from '../../../src/checks/celery/inspect.ts'
import { limitRequests } from '../../../src/checks/celery/requests.ts'
import type { ScriptRunner } from '../../../src/checks/celery/scripts.ts'
import { CheckError } from '../../../src/core/check.ts'
import type { Clock } from '../../../src/core/clock.ts'

const settings: InspectSettings = {
  keyPrefix: '',
  controlExchange: 'celery',
  timeoutMs: 1000,
  expectedWorkers: 1,
}

/** When a worker of this name answers, in milliseconds after the publish. */
type Late = Readonly<Record<string, number>>

interface Situation {
  readonly subscribers?: number[]
  readonly registered?: string[]
  /** How many answers come of each name. */
  readonly answersEach?: number
  /** How many elements the list had after the placeholder was put there: 1 when it is new. */
  readonly alreadyThere?: number
  /** What else lies in the list before the answers. */
  readonly strange?: string[]
  /** Whether every look leaves more to read. */
  readonly hasMore?: boolean
  /** Milliseconds that pass while one script runs. */
  readonly scriptMs?: number
  readonly reserved?: number
}

/** A broker whose time stands still but for sleeps, and whose workers answer on request. */
function simulate(workers: Late, options: Situation = {}) {
  let now = 0
  const asked: { at: number; what: 'open' | 'collect' | 'collect and registry' }[] = []
  const subscribers = [...(options.subscribers ?? [Object.keys(workers).length])]
  const { alreadyThere = 1 } = options
  let opened: { at: number; ticket: string } | undefined
  const clock: Clock = {
    now: () => 1_795_361_133_000 + now,
    monotonic: () => now,
    sleep: async (ms) => {
      now += ms
    },
  }
  const script = (_script: string, _keys: string[], args: string[]): unknown => {
    if (isOpen(args)) {
      asked.push({ at: now, what: 'open' })
      opened = { at: now, ticket: JSON.parse(String(args[1])).properties.delivery_tag }
      return [subscribers.shift(), alreadyThere, 'bound', separator]
    }
    const [alreadyRead, , registry] = args
    asked.push({ at: now, what: registry ? 'collect and registry' : 'collect' })
    now += options.scriptMs ?? 0
    const since = now - (opened?.at ?? 0)
    const arrived = Object.entries(workers).filter(([, late]) => late <= since)
    const answers = arrived.flatMap(([name]) =>
      Array.from({ length: options.answersEach ?? 1 }, () => element(name, opened?.ticket ?? '')),
    )
    const older = Array.from({ length: alreadyThere }, () => 'placeholder')
    const unread = [...older, ...(options.strange ?? []), ...answers].slice(Number(alreadyRead))
    const names = registry ? (options.registered ?? Object.keys(workers)) : []
    return [unread, '', 0, 0, options.hasMore ? 1 : 0, names.map(registration), 0]
  }
  const redis = { eval: async (...call: [string, string[], string[]]) => script(...call) } as ScriptRunner
  const requests = limitRequests(redis)
  const run = () => inspectWorkers(requests, settings, clock, new AbortController().signal, options.reserved)
  const times = () => asked.filter(({ what }) => what !== 'open').map(({ at }) => at)
  return { run, clock, asked, requests, times }
}

const separator = '\x06\x16'
const noReplies = [[], '', 0, 0, 0, [], 0]
const registration = (name: string) => `${separator}${separator}${name}.celery.pidbox`
const isOpen = (args: string[]) => args[0] === '/0.celery.pidbox'
const element = (name: string, ticket: string) =>
  JSON.stringify({
    body: JSON.stringify({ [name]: [{ name: 'celery' }] }),
    'content-type': 'application/json',
    headers: { ticket },
  })

describe('looking for answers', () => {
  it('begins at once and stops when all have answered', async () => {
    const { run, asked } = simulate({ 'w1@vm': 0, 'w2@vm': 0 })
    expect((await run()).answers).toHaveLength(2)
    expect(asked.map(({ what }) => what)).toEqual(['open', 'collect'])
  })

  it('waits longer from time to time, and to the end for who does not answer', async () => {
    const { run, times } = simulate({ 'w1@vm': Number.POSITIVE_INFINITY })
    expect(await run()).toEqual({ subscribers: 1, answers: [], registered: ['w1@vm'], separator })
    expect(times()).toEqual([0, 5, 12, 29, 70, 170, 412, 1000])
  })

  it('asks for the registry once, at the end, when nobody has answered', async () => {
    const { run, asked } = simulate({ 'w1@vm': Number.POSITIVE_INFINITY })
    await run()
    expect(asked.filter(({ what }) => what === 'collect and registry')).toEqual([
      { at: 1000, what: 'collect and registry' },
    ])
  })

  it('takes an answer that comes with the last look', async () => {
    const { run } = simulate({ 'w1@vm': 960 })
    expect((await run()).answers).toMatchObject([{ worker: 'w1@vm', afterMs: 1000 }])
  })

  it('reads every answer once, in the order in which they came', async () => {
    const { run } = simulate({ 'w1@vm': 0, 'w2@vm': 10, 'w3@vm': 30 })
    expect((await run()).answers.map(({ worker, afterMs }) => [worker, afterMs])).toEqual([
      ['w1@vm', 0],
      ['w2@vm', 12],
      ['w3@vm', 70],
    ])
  })

  it('looks for the last time at the end of the time, although more questions may be asked', async () => {
    const { run, times, requests } = simulate({ 'w1@vm': Number.POSITIVE_INFINITY }, { scriptMs: 997 })
    expect((await run()).answers).toEqual([])
    expect(times()).toEqual([0, 1000])
    expect(requests.left).toBeGreaterThan(1)
  })

  it('leaves as many questions as are reserved, and looks less often', async () => {
    const { run, times, requests } = simulate({ 'w1@vm': Number.POSITIVE_INFINITY }, { reserved: 3 })
    expect((await run()).registered).toEqual(['w1@vm'])
    expect(requests.left).toBe(3)
    expect(times()).toEqual([0, 5, 29, 170, 1000])
  })

  it('leaves as many questions as are reserved where more could be read', async () => {
    const more = simulate({ 'w1@vm': Number.POSITIVE_INFINITY }, { reserved: 3, hasMore: true })
    expect(await more.run()).toMatchObject({ answers: [], hasUnread: true })
    expect(more.requests.left).toBe(3)
    // What lies there is read on at once.
    expect(more.times()).toEqual([0, 0, 0, 0, 0])
  })

  it('looks later where many are missing', async () => {
    const workers = Object.fromEntries(Array.from({ length: 150 }, (_, at) => [`w${at}@vm`, 0]))
    const { run, times } = simulate({ ...workers }, { subscribers: [200] })
    await run()
    expect(times()[1]).toBe(10)
  })

  it('counts nothing that is not an answer', async () => {
    const { run } = simulate({ 'w1@vm': 0 }, { subscribers: [2], strange: ['not an answer'] })
    expect((await run()).answers).toMatchObject([{ worker: 'w1@vm' }])
  })

  it('tells workers to forget the question when the time is over', async () => {
    let expires = 0
    const redis = {
      eval: async (_script: string, _keys: string[], args: string[]) => {
        expires = JSON.parse(String(args[1])).headers.expires
        return [0, 1, 'bound', separator]
      },
    } as unknown as ScriptRunner
    const { clock } = simulate({})
    await inspectWorkers(limitRequests(redis), settings, { ...clock, now: () => 60_000 }, AbortSignal.any([]))
    expect(expires).toBe(61)
  })

  it('counts two workers of one name as two', async () => {
    const { run } = simulate({ 'w1@vm': 0 }, { answersEach: 2, subscribers: [2] })
    expect((await run()).answers).toHaveLength(2)
  })

  it('does not wait for a stranger once all who are registered have answered', async () => {
    const { run, times } = simulate({ 'w1@vm': 0 }, { subscribers: [2] })
    expect(await run()).toMatchObject({ subscribers: 2, registered: ['w1@vm'] })
    expect(times().at(-1)).toBe(170)
  })

  it('waits for one who is registered and late', async () => {
    const late = simulate({ 'w1@vm': 0, 'w2@vm': 400 })
    expect((await late.run()).answers).toHaveLength(2)
    expect(late.times().at(-1)).toBe(412)
  })

  it('does not take part of a large registry for all of it', async () => {
    const registered = Array.from({ length: 500 }, () => 'w1@vm')
    const { run, times } = simulate({ 'w1@vm': 0, 'w2@vm': 400 }, { registered })
    expect((await run()).answers).toHaveLength(2)
    expect(times().at(-1)).toBe(412)
  })

  it('does not trust an empty registry', async () => {
    const { run, times } = simulate({ 'w1@vm': 0, 'w2@vm': 400 }, { registered: [] })
    expect((await run()).answers).toHaveLength(2)
    expect(times().at(-1)).toBe(412)
  })
})

describe('nobody', () => {
  it('is asked once more after 300 ms', async () => {
    const { run, asked } = simulate({}, { subscribers: [0, 0] })
    expect(await run()).toEqual({ subscribers: 0, answers: [], separator })
    expect(asked).toEqual([
      { at: 0, what: 'open' },
      { at: 300, what: 'open' },
    ])
  })

  it('becomes somebody at the second look, with the whole time to answer', async () => {
    const { run } = simulate({ 'w1@vm': 900 }, { subscribers: [0, 1] })
    expect(await run()).toMatchObject({ subscribers: 1, answers: [{ worker: 'w1@vm', afterMs: 1000 }] })
  })
})

it('binds nothing when the separator of the workers changes under its hands', async () => {
  const learned = [':', '|']
  const asked: (string | undefined)[] = []
  const redis = {
    eval: async (_script: string, _keys: string[], args: string[]) => {
      if (!isOpen(args)) return noReplies
      asked.push(args[4])
      return learned.length > 0 ? [0, 0, 'other', learned.shift()] : [1, 1, 'direct', '|']
    },
  } as unknown as ScriptRunner
  const { clock } = simulate({})
  const inspected = await inspectWorkers(limitRequests(redis), settings, clock, new AbortController().signal)
  expect(asked).toEqual([separator, ':', ''])
  expect(inspected).toMatchObject({ subscribers: 1, isUnbound: true, separator: '|' })
})

describe('a connection that is closed unanswered', () => {
  const closed = () => {
    const socket = Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' })
    return new CheckError('unreachable', 'closed', {
      cause: new TypeError('fetch failed', { cause: socket }),
    })
  }
  const edge = () => new CheckError('unreachable', 'HTTP 520', { details: { http_status: 520 } })

  /** What is sent to a Redis that loses its first answers, beside a worker that answers every question it hears. */
  function loseAnswers(losses: (CheckError | undefined)[]) {
    const opened: { list: string; ticket: string }[] = []
    const redis = {
      eval: async (_script: string, keys: string[], args: string[]) => {
        if (isOpen(args)) {
          opened.push({ list: String(keys[0]), ticket: JSON.parse(String(args[1])).properties.delivery_tag })
        }
        const loss = losses.shift()
        if (loss) throw loss
        if (isOpen(args)) return [1, 1, 'bound', separator]
        const ofThisList = opened.filter(({ list }) => list === keys[0])
        const answers = ofThisList.map(({ ticket }) => element('w1@vm', ticket))
        return [['placeholder', ...answers].slice(Number(args[0])), '', 0, 0, 0, [], 0]
      },
    } as unknown as ScriptRunner
    const { clock } = simulate({})
    const inspected = inspectWorkers(limitRequests(redis), settings, clock, new AbortController().signal)
    return { inspected, opened }
  }

  it.each([
    ['as Node tells it', closed],
    ["as Cloudflare's edge tells it", edge],
  ])('asks once more, with a ticket and a list of its own, %s', async (_how, loss) => {
    const { inspected, opened } = loseAnswers([loss()])
    expect((await inspected).answers).toHaveLength(1)
    expect(opened).toHaveLength(2)
    expect(new Set(opened.map(({ list }) => list)).size).toBe(2)
    expect(new Set(opened.map(({ ticket }) => ticket)).size).toBe(2)
  })

  it('looks for the same answers once more', async () => {
    const { inspected, opened } = loseAnswers([undefined, closed()])
    expect((await inspected).answers).toHaveLength(1)
    expect(opened).toHaveLength(1)
  })

  it('is the fault when it happens again in one run', async () => {
    const { inspected } = loseAnswers([closed(), undefined, closed()])
    await expect(inspected).rejects.toMatchObject({ code: 'unreachable' })
  })

  it('asks nothing again after any other fault', async () => {
    const { inspected, opened } = loseAnswers([new CheckError('unreachable', 'refused')])
    await expect(inspected).rejects.toMatchObject({ code: 'unreachable' })
    expect(opened).toHaveLength(1)
  })
})

it('is a wrong answer when a script returns another shape', async () => {
  for (const reply of [null, 'OK', [], -1, [1, 1, 'elsewhere', ''], [-1, 1, 'bound', '']]) {
    const redis = { eval: async () => reply } as unknown as ScriptRunner
    const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: async () => {} }
    const inspected = inspectWorkers(limitRequests(redis), settings, clock, new AbortController().signal)
    await expect(inspected).rejects.toMatchObject({ code: 'wrong_answer' })
  }
})

it('stops when its signal aborts', async () => {
  const controller = new AbortController()
  const { systemClock } = await import('../../../src/core/clock.ts')
  const redis = {
    eval: async (_script: string, _keys: string[], args: string[]) => {
      controller.signal.throwIfAborted()
      if (isOpen(args)) return [1, 1, 'bound', separator]
      setTimeout(() => controller.abort(new Error('over')), 1)
      return noReplies
    },
  } as unknown as ScriptRunner
  await expect(
    inspectWorkers(limitRequests(redis), settings, systemClock, controller.signal),
  ).rejects.toThrow('over')
})
