import { expect, it } from 'vitest'
import type { Check, Details, Result } from '../../src/core/check.ts'
import { createScrubbedRun } from '../../src/core/scrubbed-run.ts'
import { fakeClock } from '../support/fake-clock.ts'

const checks = (details?: Details): readonly Check[] => [
  {
    name: 'redis',
    run: () => ({ status: 'pass', code: 'ok', output: 'redis ok', ...(details && { details }) }),
  },
  { name: 'mail', run: () => Promise.reject(new Error('secret refused')) },
]

function setUp(scrub: (details: Details) => unknown) {
  const clock = fakeClock()
  const run = createScrubbedRun({ clock, timeoutMs: 100, slowMs: 50, ttlMs: () => 1000 }, scrub)
  const reported: Result[] = []
  const onResult = (result: Result) => reported.push(result)
  return {
    reported,
    run: (details?: Details) => run(checks(details), { deadlineMs: 200, onResult }),
    runPlain: run,
  }
}

const withoutSecret = (details: Details) =>
  JSON.parse(JSON.stringify(details).replaceAll('secret', '[removed]'))

it('tells and returns results whose details are scrubbed, in the order of the checks', async () => {
  const { run, reported } = setUp(withoutSecret)
  const results = await run({ note: 'a secret' })
  expect(results.map(({ checker, details }) => [checker, details])).toEqual([
    ['redis', { note: 'a [removed]' }],
    ['mail', { reason: '[removed] refused' }],
  ])
  expect(new Set(reported)).toEqual(new Set(results))
})

it('leaves a result without details as it is', async () => {
  const [redis] = await setUp(withoutSecret).run()
  expect(redis).toMatchObject({ checker: 'redis', status: 'pass', timestamp: expect.any(Number) })
  expect(redis).not.toHaveProperty('details')
})

it('makes an object of details that are none', async () => {
  const [redis] = await setUp(() => 'seven').run({ any: 1 })
  expect(redis).toMatchObject({ code: 'ok', details: { value: 'seven' } })
})

it('needs nobody who is notified', async () => {
  const results = await setUp(withoutSecret).runPlain(checks(), { deadlineMs: 200 })
  expect(results.map(({ status }) => status)).toEqual(['pass', 'fail'])
})
