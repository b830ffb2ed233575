import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sleep } from '../servers/process.ts'
import { leaksIn } from '../support/leaks.ts'
import {
  type Answer,
  type Deployable,
  makeDeployable,
  type Platform,
  type Variables,
} from '../support/platforms.ts'
import { healthToken } from '../support/stack.ts'
import { type Codes, type Fault, type Wait, waitOf } from './fault.ts'
import { faults } from './faults.ts'
import { type House, openHouse } from './house.ts'
import { faultPage, type Observed } from './table.ts'

const ttlMs = 1000
/** HEALTH_DEADLINE_MS and what an answer may take beyond it. */
const answeredWithinMs = 3500 + 250
/** Milliseconds; wide, for a machine that does other things too. */
const bounds: Readonly<Record<Wait, readonly [least: number, most: number]>> = {
  'at once': [0, 2300],
  'about 1 s': [900, 2300],
  'after HEALTH_TIMEOUT_MS': [2400, answeredWithinMs],
}
const withToken = { authorization: `Bearer ${healthToken}` }
const green: Codes = { database: 'ok', migrations: 'ok', celery: 'ok', redis: 'ok' }

let house: House
let deployable: Deployable
let standing: Platform[]
const observed: Observed[] = []

beforeAll(async () => {
  ;[house, deployable] = await Promise.all([openHouse(), makeDeployable()])
  standing = await start({})
})
afterAll(async () => {
  await Promise.all(standing?.map((platform) => platform.close()) ?? [])
  deployable?.close()
  await house?.close()
})

const start = (variables: Variables) =>
  deployable.start(
    {
      ...house.environment,
      HEALTH_TTL_PASS: String(ttlMs / 1000),
      HEALTH_TTL_FAIL: String(ttlMs / 1000),
      ...variables,
    },
    house.trusted.certificate,
  )

const ask = (platforms: readonly Platform[], path: string, headers = {}) =>
  Promise.all(platforms.map((platform) => platform.send(path, headers)))

interface Body {
  readonly results: readonly { checker: keyof Codes; code: string; status: string; details?: object }[]
}

const results = ({ text }: Answer) => (JSON.parse(text) as Body).results
const codes = (answer: Answer) =>
  Object.fromEntries(results(answer).map(({ checker, code }) => [checker, code])) as unknown as Codes

function expectedCodes(fault: Fault) {
  const either = Object.entries(fault.codes).map(([checker, code]) => [
    checker,
    typeof code === 'string' ? code : expect.toBeOneOf([...code]),
  ])
  return { ...green, ...Object.fromEntries(either) }
}

function expectNoLeak(text: string, where: string) {
  expect(leaksIn(text, house.planted), where).toEqual([])
}

describe('the Worker in workerd and the Lambda function', () => {
  it('are green on a house in order', async () => {
    for (const answer of await ask(standing, '/health-check')) {
      expect(codes(answer)).toEqual(green)
      expect(answer.status).toBe(200)
    }
  })

  it.each(faults)('$name', { timeout: 60_000 }, async (fault) => {
    let platforms = standing
    try {
      const mend = await fault.inject(house)
      try {
        if (fault.variables) platforms = await start(fault.variables(house))
        await expectFault(platforms, fault)
      } finally {
        await mend()
      }
      if (fault.mendedVariables) {
        await close(platforms)
        platforms = await start(fault.mendedVariables)
      }
      await sleep(ttlMs)
      for (const answer of await ask(platforms, '/health-check')) {
        expect(codes(answer)).toEqual(green)
        expect(answer.status).toBe(200)
      }
    } finally {
      await close(platforms)
    }
  })

  it('say what docs/faults.md says', async () => {
    expect(observed).toHaveLength(faults.length)
    await expect(faultPage(observed)).toMatchFileSnapshot('../../docs/faults.md')
  })
})

/** One run with details for who shows the token, then the cached public answer. */
async function expectFault(platforms: readonly Platform[], fault: Fault) {
  const answers = await ask(platforms, '/health-check?fresh', withToken)
  const publicAnswers = await ask(platforms, '/health-check')
  for (const answer of [...answers, ...publicAnswers]) {
    expect(codes(answer)).toEqual(expectedCodes(fault))
    expect(answer.status).toBe(fault.status)
    expect(answer.ms).toBeLessThan(answeredWithinMs)
    expectNoLeak(JSON.stringify(answer), `an answer to ${fault.name}`)
  }
  for (const { ms } of answers) {
    const [least, most] = bounds[waitOf(fault)]
    expect(ms).toBeGreaterThan(least)
    expect(ms).toBeLessThan(most)
  }
  for (const answer of publicAnswers) {
    expect(answer.text).not.toContain('"details"')
    for (const { status, code } of results(answer)) expect([status, code]).not.toEqual(['fail', 'ok'])
  }
  for (const platform of platforms) expectNoLeak(platform.output(), `the log on ${platform.name}`)
  const [first] = answers as [Answer]
  observed.push({ fault, status: first.status, codes: codes(first) })
}

/** Those that were started for one fault. */
async function close(platforms: readonly Platform[]) {
  if (platforms !== standing) await Promise.all(platforms.map((platform) => platform.close()))
}
