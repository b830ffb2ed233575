import { expect, it } from 'vitest'
import { createLog } from '../../src/notify/log.ts'
import type { Sink } from '../../src/notify/notifier.ts'
import { createTell } from '../../src/notify/notify.ts'

it('keeps nothing from the other sinks when one throws, and logs it scrubbed', async () => {
  const lines: string[] = []
  const told: string[] = []
  const sinks: Sink[] = [
    { name: 'throws', bug: () => expect.unreachable('planted-secret') },
    { name: 'rejects', bug: () => Promise.reject(new Error('planted-secret')) },
    { name: 'listens', bug: () => void told.push('bug') },
    { name: 'deaf' },
  ]
  const tell = createTell(
    sinks,
    createLog((line) => lines.push(line)),
    () => 'scrubbed',
  )
  await tell((sink) => sink.bug?.(new Error('x'), { hostname: 'here' }))
  expect(told).toEqual(['bug'])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { message: 'bug in the sink throws', level: 'error', reason: 'scrubbed' },
    { message: 'bug in the sink rejects', level: 'error', reason: 'scrubbed' },
  ])
})

it('begins only when what is ready to be answered has been answered', async () => {
  const order: string[] = []
  const sinks: Sink[] = [{ name: 'busy', bug: () => void order.push('sink') }]
  const tell = createTell(
    sinks,
    () => {},
    (text) => text,
  )
  const telling = tell((sink) => sink.bug?.(new Error('x'), { hostname: 'here' }))
  // The steps from a run's results to the answer are promises and no timers.
  for (let step = 0; step < 50; step += 1) await Promise.resolve()
  order.push('answer')
  await telling
  expect(order).toEqual(['answer', 'sink'])
})
