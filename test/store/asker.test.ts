import { describe, expect, it } from 'vitest'
import { CheckError } from '../../src/core/check.ts'
import { createAsker } from '../../src/store/asker.ts'
import { fakeClock } from '../support/fake-clock.ts'
import { memoryStore } from '../support/memory-store.ts'

function setUp() {
  const clock = fakeClock()
  const memory = memoryStore(clock)
  const asker = createAsker({ open: memory.open, clock, complain: () => {} }, () => {})
  const read = (by: 'ask' | 'try') => asker[by](300, (client) => client.getrange('key', 0, 0))
  return {
    clock,
    memory,
    /** So many at the same time, until all have their answers; how many commands were sent. */
    async sent(by: 'ask' | 'try', count = 1) {
      memory.commands.length = 0
      const all = Array.from({ length: count }, () => read(by))
      await clock.advance(300)
      await Promise.all(all)
      return memory.commands.length
    },
  }
}

describe('a store that does not answer several at the same time', () => {
  it('has failed once: the next answer waits once more', async () => {
    const { clock, memory, sent } = setUp()
    memory.before = () => new Promise(() => {})
    expect(await sent('ask', 3)).toBe(3)
    await clock.advance(1000)
    expect(await sent('ask')).toBe(1)
    await clock.advance(60_000)
    expect(await sent('ask')).toBe(0)
  })

  it.each(['ask', 'try'] as const)('is tried 2 s after the second time, by "%s"', async (by) => {
    const { clock, memory, sent } = setUp()
    memory.before = () => new Promise(() => {})
    await sent(by, 6)
    await clock.advance(1000)
    expect(await sent(by, 6)).toBe(6)
    memory.before = async () => {}
    await clock.advance(1600)
    expect(await sent('try')).toBe(0)
    await clock.advance(100)
    expect(await sent('try')).toBe(1)
    expect(await sent('ask')).toBe(1)
  })
})

describe('what is asked in the time that another command has left over', () => {
  const askInRest = async (before: () => Promise<void>) => {
    const clock = fakeClock()
    const memory = memoryStore(clock)
    memory.before = before
    const asker = createAsker({ open: memory.open, clock, complain: () => {} }, () => {})
    const asking = asker.askInRest(50, (client) => client.getrange('key', 0, 0))
    await clock.advance(50)
    return { answer: await asking, isUp: asker.availability.isUp() }
  }

  it('may be too slow for that, which is not a fault', async () => {
    expect(await askInRest(() => new Promise(() => {}))).toEqual({ answer: undefined, isUp: true })
  })

  it.each([
    ['an error', new Error('the connection failed')],
    ['a typed one', new CheckError('unreachable', 'the connection failed')],
  ])('fails as any other command does: %s', async (_, error) => {
    expect(
      await askInRest(async () => {
        throw error
      }),
    ).toEqual({ answer: undefined, isUp: false })
  })
})
