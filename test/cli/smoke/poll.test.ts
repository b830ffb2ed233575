import { afterEach, expect, test } from 'vitest'
import { attempt } from '../../../src/cli/smoke/attempt.ts'
import { type PollOptions, poll } from '../../../src/cli/smoke/poll.ts'
import { exitCodes } from '../../../src/cli/smoke/progress.ts'
import { type Answer, fakeDeployment, healthBody } from './fake-deployment.ts'

const previous = '1111111111111111111111111111111111111111'
const released = '4f2a91c0000000000000000000000000000000ff'

let close = async () => {}
afterEach(() => close())

/** Follows a deployment whose answers depend on the seconds since the start; only waiting takes time, and none of ours. */
async function follow(script: (seconds: number) => Answer, options: Partial<PollOptions> = {}) {
  let now = 0
  const deployment = await fakeDeployment(() => script(now / 1000))
  close = deployment.close
  const outcome = await poll(
    { timeoutMs: 120_000, intervalMs: 2000, consecutive: 2, checks: [], release: released, ...options },
    {
      now: () => now,
      sleep: async (ms) => {
        now += ms
      },
      attempt: (timeoutMs) => attempt(new URL(deployment.url), new Headers(), timeoutMs),
      onAttempt: () => {},
    },
  )
  return {
    exitCode: exitCodes[outcome.verdict.kind],
    reason: outcome.verdict.reason,
    attempts: outcome.attempts.map(({ at, kind }) => [at / 1000, kind]),
  }
}

const bare = (status: number): Answer => ({ status, body: 'no such thing' })
const healthy = (seconds: number, release = released): Answer => ({
  status: 200,
  body: healthBody({ release, timestamp: seconds }),
})
const failing = (seconds: number): Answer => ({
  status: 503,
  body: healthBody({ release: released, timestamp: seconds, failing: ['redis'] }),
})

/** The old release for 6 s, a placeholder for 3 s, a bare 503, one check failing, then good, bad, good, good. */
function release(seconds: number): Answer {
  if (seconds < 6) return healthy(seconds, previous)
  if (seconds < 9) return bare(404)
  if (seconds < 11) return bare(503)
  if (seconds < 13) return failing(seconds)
  if (seconds === 16) return failing(seconds)
  return healthy(seconds)
}

test('a release that takes every wrong turn is followed to the second good answer in a row', async () => {
  expect(await follow(release)).toEqual({
    exitCode: 0,
    reason: 'healthy',
    attempts: [
      [0, 'wrong_release'],
      [2, 'wrong_release'],
      [4, 'wrong_release'],
      [6, 'unreachable'],
      [8, 'unreachable'],
      [10, 'unreachable'],
      [12, 'unhealthy'],
      [14, 'healthy'],
      [16, 'unhealthy'],
      [18, 'healthy'],
      [20, 'healthy'],
    ],
  })
})

test.each([
  ['the old release answers', 6, 3, `release ${previous} answers, ${released} is expected`],
  ['nothing is deployed', 9, 4, 'HTTP 404: nothing is deployed there yet'],
  ['the platform answers 503', 11, 4, 'HTTP 503, without the body of a health check'],
  ['a check fails', 13, 1, 'redis cannot be reached (unreachable)'],
  ['only one good answer came', 15, 1, '1 of 2 healthy answers in a row'],
  ['a bad answer followed a good one', 17, 1, 'redis cannot be reached (unreachable)'],
  ['one good answer followed the bad one', 19, 1, '1 of 2 healthy answers in a row'],
])('giving up while %s', async (_what, seconds, exitCode, reason) => {
  expect(await follow(release, { timeoutMs: seconds * 1000 })).toMatchObject({ exitCode, reason })
})

test('without an expected release the old one is as good as any', async () => {
  const outcome = await follow((seconds) => healthy(seconds, previous), { release: undefined })
  expect(outcome).toMatchObject({
    exitCode: 0,
    attempts: [
      [0, 'healthy'],
      [2, 'healthy'],
    ],
  })
})

test('a cached answer counts once: the second proof has to be a newer result', async () => {
  const outcome = await follow((seconds) => healthy(seconds < 27 ? 0 : 27))
  expect(outcome.exitCode).toBe(0)
  expect(outcome.attempts.at(-1)).toEqual([28, 'healthy'])
})

test('two machines that take turns with their cached answers are two proofs, not more', async () => {
  const outcome = await follow((seconds) => healthy((seconds / 2) % 2), { consecutive: 3, timeoutMs: 20_000 })
  expect(outcome).toMatchObject({ exitCode: 1 })
  expect(outcome.reason).toMatch(/^2 of 3 healthy answers in a row; the last one repeated cached results/)
})

test('a check that is cached for longer than the others does not keep them from being proof', async () => {
  const outcome = await follow((seconds) => {
    const body = JSON.parse(healthBody({ release: released, timestamp: seconds }))
    body.results[0].timestamp = 0
    return { status: 200, body: JSON.stringify(body) }
  })
  expect(outcome).toMatchObject({
    exitCode: 0,
    attempts: [
      [0, 'healthy'],
      [2, 'healthy'],
    ],
  })
})

/** What an old release says of a token or a check that only the new one knows. */
const refusals: [string, Answer][] = [
  ['401', { status: 401, body: '{"error":"Wrong token.","code":"unauthorized"}' }],
  ['403', bare(403)],
  [
    'an unknown check',
    { status: 404, body: '{"error":"No such check.","code":"unknown_check","checks":[]}' },
  ],
]

test.each(refusals)(
  '%s of the old release does not end it before the new one answers',
  async (_what, answer) => {
    const outcome = await follow((seconds) => (seconds < 28 ? answer : healthy(seconds)))
    expect(outcome).toMatchObject({ exitCode: 0, reason: 'healthy' })
  },
)

test.each(refusals)('%s ends it with exit code 2 when for 30 s nothing else came', async (_what, answer) => {
  const outcome = await follow((seconds) => (seconds < 4 || seconds === 20 ? bare(404) : answer))
  expect(outcome.exitCode).toBe(2)
  expect(outcome.attempts.at(-1)).toEqual([52, 'refused'])
})

test('a refusal is the verdict when the time is up before', async () => {
  const outcome = await follow(() => bare(403), { timeoutMs: 10_000 })
  expect(outcome).toMatchObject({ exitCode: 2, reason: expect.stringContaining('HTTP 403') })
})

test('no attempt is made that has no time left, and the verdict is not waited for', async () => {
  const outcome = await follow(() => bare(404), { timeoutMs: 10_000, intervalMs: 4000 })
  expect(outcome.attempts).toEqual([
    [0, 'unreachable'],
    [4, 'unreachable'],
    [8, 'unreachable'],
  ])
})

test('one attempt is made however short the time', async () => {
  expect(await follow(() => healthy(1), { timeoutMs: 900, consecutive: 1 })).toMatchObject({ exitCode: 0 })
})
