import { readFileSync } from 'node:fs'
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
import { startAll } from '../support/start-all.ts'
import { type Codes, expectedWait, type Fault, waitOf } from './fault.ts'
import { faults } from './faults.ts'
import { faultPage, type Observed, readmeWith } from './table.ts'
import { startTestEnvironment, type TestEnvironment } from './test-environment.ts'

const ttlMs = 1000
/** HEALTH_DEADLINE_MS and what an answer may take beyond it. */
const answeredWithinMs = 3500 + 250
/** The machine does other things too: an answer is asked for again when it was slower than it should be. */
const triesForTime = 6
const withToken = { authorization: `Bearer ${healthToken}` }
const green: Codes = { database: 'ok', migrations: 'ok', celery: 'ok', redis: 'ok' }

let testEnvironment: TestEnvironment
let deployable: Deployable
let standing: Platform[]
/** By the fault's name: a fault that is tried again counts once. */
const observed = new Map<string, Observed>()

beforeAll(async () => {
  ;[testEnvironment, deployable] = await startAll([startTestEnvironment(), makeDeployable()])
  standing = await start({})
  // What is compared again only when it changed has been seen in order.
  await ask(standing, '/health-check')
})
afterAll(async () => {
  await Promise.all(standing?.map((platform) => platform.close()) ?? [])
  deployable?.close()
  await testEnvironment?.close()
})

const start = (variables: Variables) =>
  deployable.start(
    {
      ...testEnvironment.environment,
      HEALTH_TTL_PASS: String(ttlMs / 1000),
      HEALTH_TTL_FAIL: String(ttlMs / 1000),
      ...variables,
    },
    testEnvironment.trusted.certificate,
  )

const ask = (platforms: readonly Platform[], path: string, headers = {}) =>
  Promise.all(platforms.map((platform) => platform.send(path, headers)))

interface Body {
  readonly results: readonly { checker: keyof Codes; code: string; status: string; details?: object }[]
}

const results = ({ text }: Answer) => (JSON.parse(text) as Body).results
const codes = (answer: Answer) =>
  Object.fromEntries(results(answer).map(({ checker, code }) => [checker, code])) as unknown as Codes

function expectNoLeak(text: string, where: string) {
  expect(leaksIn(text, testEnvironment.planted), where).toEqual([])
}

describe('the Worker in workerd and the Lambda function', () => {
  it('are green while nothing is wrong', async () => {
    for (const answer of await ask(standing, '/health-check')) {
      expect(codes(answer)).toEqual(green)
      expect(answer.status).toBe(200)
    }
  })

  it.each(faults)('$name', { timeout: 90_000 }, async (fault) => {
    // Where the fault before failed, its workers may still be dead.
    await testEnvironment.workers.recover()
    let platforms = standing
    try {
      const repair = await fault.inject(testEnvironment)
      try {
        if (fault.variables) platforms = await start(fault.variables(testEnvironment))
        await expectFault(platforms, fault)
      } finally {
        await repair()
      }
      if (fault.disturbsWorkers) {
        await expectGreen(platforms, ['database', 'migrations', 'redis'])
        await testEnvironment.workers.recover()
      }
      if (fault.mendedVariables) {
        await close(platforms)
        platforms = await start(fault.mendedVariables)
      }
      await expectGreen(platforms, ['database', 'migrations', 'celery', 'redis'])
    } finally {
      await close(platforms)
    }
  })

  it('say what docs/faults.md and the README say', async ({ task }) => {
    const isFiltered = task.suite?.tasks.some(({ mode }) => mode === 'skip')
    if (isFiltered) return
    const all = faults.map(({ name }) => observed.get(name))
    expect(all, 'every fault was observed').not.toContain(undefined)
    await expect(faultPage(all as Observed[])).toMatchFileSnapshot('../../docs/faults.md')
    const readme = readmeWith(all as Observed[], readFileSync('README.md', 'utf8'))
    await expect(readme).toMatchFileSnapshot('../../README.md')
  })
})

/** One time to live after the repair these checks pass, and the answer with them when they are all. */
async function expectGreen(platforms: readonly Platform[], checkers: readonly (keyof Codes)[]) {
  await sleep(ttlMs)
  for (const answer of await ask(platforms, '/health-check')) {
    const found = codes(answer)
    expect(checkers.map((checker) => [checker, found[checker]])).toEqual(
      checkers.map((checker) => [checker, 'ok']),
    )
    if (checkers.length === Object.keys(green).length) expect(answer.status).toBe(200)
  }
}

/** The quickest answer of each platform, and all answers. */
async function askForTime(platforms: readonly Platform[], fault: Fault) {
  const answers: Answer[] = []
  let quickest = platforms.map(() => Number.POSITIVE_INFINITY)
  for (let tries = 0; tries < triesForTime; tries += 1) {
    const again = await ask(platforms, '/health-check?fresh', withToken)
    answers.push(...again)
    quickest = quickest.map((ms, index) => Math.min(ms, again[index]?.ms ?? ms))
    if (quickest.every((ms) => waitOf(ms) === expectedWait(fault))) break
  }
  return { answers, waits: quickest.map(waitOf) }
}

/** Runs with details for who shows the token, then the cached public answer. */
async function expectFault(platforms: readonly Platform[], fault: Fault) {
  const { answers, waits } = await askForTime(platforms, fault)
  const publicAnswers = await ask(platforms, '/health-check')
  for (const answer of [...answers, ...publicAnswers]) {
    expect(codes(answer)).toEqual({ ...green, ...fault.codes })
    expect(answer.status).toBe(fault.status)
    expect(answer.ms).toBeLessThan(answeredWithinMs)
    expectNoLeak(JSON.stringify(answer), `an answer to ${fault.name}`)
  }
  const [wait] = waits
  expect(waits).toEqual(platforms.map(() => expectedWait(fault)))
  for (const answer of publicAnswers) {
    expect(answer.text).not.toContain('"details"')
    for (const { status, code } of results(answer)) expect([status, code]).not.toEqual(['fail', 'ok'])
  }
  for (const platform of platforms) expectNoLeak(platform.output(), `the log on ${platform.name}`)
  const [first] = answers
  if (first && wait) observed.set(fault.name, { fault, status: first.status, codes: codes(first), wait })
}

/** Those that were started for one fault. */
async function close(platforms: readonly Platform[]) {
  if (platforms !== standing) await Promise.all(platforms.map((platform) => platform.close()))
}
