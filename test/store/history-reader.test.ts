import { expect, it } from 'vitest'
import { encodeHistory } from '../../src/history/encode.ts'
import { observe } from '../../src/history/history.ts'
import { createAsker } from '../../src/store/asker.ts'
import { createHistoryReader } from '../../src/store/history-reader.ts'
import { badDatabase, observationOf } from '../http/formats/histories.ts'
import { now } from '../http/formats/reports.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { memoryStore } from '../support/memory-store.ts'

const expectedMs = 900_000

function setUp() {
  const clock = fakeClock()
  const redis = memoryStore(clock)
  const complaints: string[] = []
  const asker = createAsker(
    { open: redis.open, clock, complain: (message) => complaints.push(message) },
    () => {},
  )
  const read = createHistoryReader(asker, clock.now, expectedMs)
  const put = (value: string) =>
    redis.values.set('shop:history', { value, expiresAt: Number.POSITIVE_INFINITY })
  return { clock, redis, put, complaints, read: () => read('shop', 300) }
}

const written = encodeHistory(
  observe(new Map(), [observationOf(20, badDatabase), observationOf(10)], now, expectedMs),
  expectedMs,
)

it('reads what was written, with one command', async () => {
  const { read, put, redis } = setUp()
  put(written)
  const history = await read()
  expect([...(history?.records.keys() ?? [])]).toEqual(['database'])
  expect(history?.incidents).toMatchObject([{ code: 'timeout' }])
  expect(redis.commands).toHaveLength(1)
})

it('keeps it for a minute, however many look', async () => {
  const { read, put, redis, clock } = setUp()
  put(written)
  for (let look = 0; look < 5; look++) await read()
  await clock.advance(59_000)
  await read()
  expect(redis.commands).toHaveLength(1)
  await clock.advance(1000)
  await read()
  expect(redis.commands).toHaveLength(2)
})

it('is read again after the clock was set back', async () => {
  const { read, put, redis, clock } = setUp()
  put(written)
  await read()
  clock.setBack(3_600_000)
  await read()
  expect(redis.commands).toHaveLength(2)
})

it('is empty where nothing was written yet', async () => {
  expect((await setUp().read())?.incidents).toEqual([])
})

it.each(['{}', '<html>', '[2,[],[],null]'])(
  'is undefined where something else stands there: %s',
  async (value) => {
    const { read, put } = setUp()
    put(value)
    expect(await read()).toBeUndefined()
  },
)

it('is what was read last, marked as old, while the store is away', async () => {
  const { read, put, redis, clock } = setUp()
  put(written)
  const first = await read()
  redis.before = async () => {
    throw new Error('connection refused')
  }
  await clock.advance(61_000)
  expect(await read()).toEqual({ ...first, isOld: true })
  redis.before = async () => {}
  await clock.advance(61_000)
  const { isOld, readAt } = (await read()) ?? {}
  expect([isOld, readAt]).toEqual([undefined, clock.now()])
})

it('is undefined while the store is away, never an error', async () => {
  const { read, redis } = setUp()
  redis.before = async () => {
    throw new Error('connection refused')
  }
  expect(await read()).toBeUndefined()
})
