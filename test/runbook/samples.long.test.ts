import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHealth } from '../../src/health.ts'
import { toBody } from '../../src/http/response.ts'
import { sleep } from '../servers/process.ts'
import { migrateExample } from '../support/migrate.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { celerySituations } from './celery-situations.ts'
import { faultSituations } from './fault-situations.ts'
import { migrationsSituations } from './migrations-situations.ts'
import { isSameButForTimesAndIds, type Sample, sampleIn, sections, withSample } from './runbook.ts'
import type { Situation } from './situation.ts'

const pageFile = fileURLToPath(new URL('../../docs/runbook.md', import.meta.url))
const situations = [...faultSituations, ...migrationsSituations, ...celerySituations]
const observed = new Map<string, Sample>()

let stack: TestStack
beforeAll(async () => {
  stack = await startStack()
  await migrateExample(stack.postgres.url())
})
afterAll(() => stack?.close())

it.each(situations)('$checker says $code', async (situation) => {
  const end = await situation.make?.(stack)
  try {
    const sample = await sampleOf(situation)
    expect(sample).toMatchObject({ checker: situation.checker, code: situation.code })
    observed.set(situation.code, sample)
  } finally {
    await end?.()
  }
})

/** Written by Vitest's `-u`; without it the page fails where it would say something else. */
it('the runbook shows what was said', async () => {
  expect([...observed.keys()]).toEqual(situations.map(({ code }) => code))
  let page = readFileSync(pageFile, 'utf8')
  for (const [code, sample] of observed) {
    const shown = sampleIn(sections(page).get(code) ?? '')
    page = withSample(page, isSameButForTimesAndIds(shown, sample) ? shown : sample)
  }
  await expect(page).toMatchFileSnapshot(pageFile)
})

/** What the function answers to a caller with the token, as soon as it is the code that is waited for. */
async function sampleOf({ checker, code, variables, expected, attempts = 20 }: Situation): Promise<Sample> {
  const schema = JSON.parse(
    readFileSync(fileURLToPath(new URL('../../.edge-health/expected.json', import.meta.url)), 'utf8'),
  )
  const health = createHealth({
    environment: { ...stack.environment, HEALTH_CHECKS: checker, ...variables },
    expected: expected ? expected(schema) : schema,
    write: () => {},
  })
  for (let attempt = 1; ; attempt++) {
    const [result] = toBody(await health.check({ hostname: 'here', release: undefined }), true).results
    if (!result) throw new Error(`${checker} gave no result`)
    const { timestamp: _t, expires: _e, response_time: _r, ...sample } = result
    if (sample.code === code || attempt === attempts) return sample
    await sleep(250)
  }
}
