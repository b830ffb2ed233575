import { expect, it } from 'vitest'
import { createLog } from '../../src/sinks/log.ts'
import type { Sink } from '../../src/sinks/sink.ts'
import { createTell } from '../../src/sinks/tell.ts'

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
