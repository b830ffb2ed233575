import { expect, it } from 'vitest'
import { createLog } from '../../src/notify/log.ts'
import type { Notifier } from '../../src/notify/notifier.ts'
import { createNotify } from '../../src/notify/notify.ts'

it('keeps nothing from the other notifiers when one throws, and logs it scrubbed', async () => {
  const lines: string[] = []
  const notified: string[] = []
  const notifiers: Notifier[] = [
    { name: 'throws', bug: () => expect.unreachable('planted-secret') },
    { name: 'rejects', bug: () => Promise.reject(new Error('planted-secret')) },
    { name: 'listens', bug: () => void notified.push('bug') },
    { name: 'deaf' },
  ]
  const tell = createNotify(
    notifiers,
    createLog((line) => lines.push(line)),
    () => 'scrubbed',
  )
  await tell((notifier) => notifier.bug?.(new Error('x'), { hostname: 'here' }))
  expect(notified).toEqual(['bug'])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { message: 'bug in the notifier throws', level: 'error', reason: 'scrubbed' },
    { message: 'bug in the notifier rejects', level: 'error', reason: 'scrubbed' },
  ])
})

it('begins only when what is ready to be answered has been answered', async () => {
  const order: string[] = []
  const notifiers: Notifier[] = [{ name: 'busy', bug: () => void order.push('notifier') }]
  const tell = createNotify(
    notifiers,
    () => {},
    (text) => text,
  )
  const telling = tell((notifier) => notifier.bug?.(new Error('x'), { hostname: 'here' }))
  // The steps from a run's results to the answer are promises and no timers.
  for (let step = 0; step < 50; step += 1) await Promise.resolve()
  order.push('answer')
  await telling
  expect(order).toEqual(['answer', 'notifier'])
})
