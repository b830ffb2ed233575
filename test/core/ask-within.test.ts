import { expect, it, onTestFinished } from 'vitest'
import { askWithin } from '../../src/core/ask-within.ts'
import { fakeClock, settle } from '../support/fake-clock.ts'

it('leaves no rejection without a handler, which would end the process, when what it asks throws at once', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  const others = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note)
  onTestFinished(() => {
    process.off('unhandledRejection', note)
    for (const other of others) process.on('unhandledRejection', other)
  })
  const clock = fakeClock()
  const throws = () => {
    throw new Error('at once')
  }
  await expect(askWithin(clock, 100, throws)).rejects.toThrow('at once')
  await settle()
  expect(unhandled).toEqual([])
  expect(clock.timers).toBe(0)
})
