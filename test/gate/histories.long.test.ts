import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type PGlite, startEmbeddedPostgres } from '../../src/compile/replay/embedded-postgres.ts'
import type { LiveRelation } from '../../src/gate/production/sizes.ts'
import { ticketing } from '../checks/migrations/ticketing.ts'
import { zooFor } from '../checks/migrations/zoo.ts'
import { generatedHistory } from './generated-history.ts'
import { before, oauth } from './incident.ts'
import { runScenario, type Scenario, said } from './scenario.ts'

const example = readdirSync('example/drizzle')
  .filter((name) => name.endsWith('.sql'))
  .sort()
  .map((name) => readFileSync(`example/drizzle/${name}`, 'utf8'))

const histories: Readonly<Record<string, readonly string[]>> = {
  example,
  ticketing: ticketing.files,
  zoo: zooFor(18).files,
  incident: [...Object.values(before), oauth],
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => [`generated ${seed}`, generatedHistory(seed)]),
  ),
}

let database: PGlite
beforeAll(async () => {
  database = await startEmbeddedPostgres(Object.values(histories).flat())
  for (const role of [...ticketing.roles, ...zooFor(18).roles])
    await database.exec(`do $$ begin create role ${role}; exception when duplicate_object then null; end $$`)
})
afterAll(() => database?.close())

/** Each file as the only pending one, on the state before it; the run applies it. */
async function walk(files: readonly string[], sizes?: Scenario['sizes']) {
  const results: Awaited<ReturnType<typeof runScenario>>[] = []
  for (const [index, sql] of files.entries()) {
    const keep = index > 0
    results.push(
      await runScenario(database, { pending: { [`file_${index}`]: sql }, keep, ...(sizes && { sizes }) }),
    )
  }
  return results
}

it.each(Object.entries(histories))('%s: no crash, and no statement is passed over', async (name, files) => {
  let statements = 0
  for (const { files: pending, steps, report } of await walk(files)) {
    const asked = pending.flatMap((file) => file.statements)
    statements += asked.length
    expect(steps.map(({ statement }) => statement)).toEqual(asked)
    expect(report.migrations).toHaveLength(1)
    const unmeasured = steps.filter(({ problems }) => problems.length > 0)
    const named = report.migrations
      .flatMap(({ findings }) => findings)
      .filter(({ code }) => /^(not_measured|fails|not_in_transaction)$/.test(code))
    expect(named.length).toBeGreaterThanOrEqual(unmeasured.length)
  }
  expect(statements, name).toBeGreaterThan(5)
})

it("nothing stops the example's own history at small sizes", async () => {
  const small: Partial<LiveRelation> = { rows: 2000, heapBytes: 500_000, indexBytes: 100_000 }
  const sizes = new Proxy<Record<string, Partial<LiveRelation>>>({}, { get: () => small })
  const results = await walk(example, sizes)
  expect(results.flatMap(({ findings }) => said(findings)).filter((line) => line.startsWith('fail'))).toEqual(
    [],
  )
})
