import { expect, it } from 'vitest'
import type { ExpectedSchema } from '../../../src/checks/migrations/expected-schema.ts'
import type { Finding } from '../../../src/checks/migrations/findings/finding.ts'
import type { Check, Outcome } from '../../../src/core/check.ts'
import { run } from './live.ts'
import { type Mutation, mutations } from './mutations.ts'

/** A database that somebody has changed by hand. */
interface Drifted {
  sql(text: string): Promise<unknown>
  /** Asks with one and the same check for each expected schema. */
  ask(expected: ExpectedSchema): Promise<Outcome>
}

export interface MutationSuite {
  /** Gives a database as the migrations made it, and undoes what was done to it. */
  with(use: (database: Drifted) => Promise<void>): Promise<void>
  /** Without optional kinds, and with all of them. */
  readonly expected: ExpectedSchema
  readonly withInformation: ExpectedSchema
}

/** The first ones that have a finding of a kind that none before them has: each kind is among them. */
export function oneOfEachKind(all: readonly Mutation[]): readonly Mutation[] {
  const seen = new Set<string>()
  return all.filter(([, , ...findings]) => {
    const kinds = findings.map(([, kind]) => kind).filter((kind) => !seen.has(kind))
    for (const kind of kinds) seen.add(kind)
    return kinds.length > 0
  })
}

/**
 * One test for each drift: caught, named, of the right severity, and gone after the statement that is suggested.
 *
 * @param version servers before 16 print the text of views differently: there it is not compared
 * @param chosen of the drifts
 */
export function mutationTests(
  suite: () => MutationSuite,
  version = 17,
  chosen: readonly Mutation[] = mutations,
): void {
  const visible = chosen
    .map(([name, sql, ...findings]): Mutation => {
      return [name, sql, ...findings.filter(([, kind]) => version >= 16 || kind !== 'query')]
    })
    .filter(([, , ...findings]) => findings.length > 0)
  it.each(visible.map((mutation) => [mutation[0], mutation] as const))('sees: %s', (_, mutation) =>
    suite().with((database) => seesIt(database, mutation, suite())),
  )
}

async function seesIt(
  { sql, ask }: Drifted,
  [, drift, ...findings]: Mutation,
  { expected, withInformation }: MutationSuite,
): Promise<void> {
  const severities = findings.map(([, , , severity]) => severity)
  const asInformation = severities.every((severity) => severity === 'info')
  const schema = asInformation ? withInformation : expected
  // The fingerprint is known when the drift happens, and must not hide it.
  expect(await ask(schema)).toMatchObject({ code: 'ok' })
  await sql(drift)
  if (asInformation) expect(await ask(expected)).toMatchObject({ code: 'ok' })
  const outcome = await ask(schema)
  const found = findingsOf(outcome)
  expect(
    found.map(({ object, kind, difference, severity }) => [object, kind, difference, severity]).sort(),
  ).toEqual(findings.toSorted())
  const code = severities.includes('fail') ? 'drift' : severities.includes('warn') ? 'extra' : 'ok'
  expect(outcome).toMatchObject({ code, status: { drift: 'fail', extra: 'warn', ok: 'pass' }[code] })
  const fixable = found.filter(({ fix }) => fix)
  for (const { fix = '' } of fixable) await sql(fix)
  if (fixable.length > 0) {
    const nameOf = ({ object, kind, severity }: Finding) => `${severity}: ${kind} ${object}`
    const left = findingsOf(await ask(schema)).map(nameOf)
    expect(left.filter((name) => fixable.map(nameOf).includes(name))).toEqual([])
  }
}

/** One check for each expected schema, as an isolate keeps it. */
export function keptChecks(make: (expected: ExpectedSchema) => Check): Drifted['ask'] {
  const checks = new Map<ExpectedSchema, Check>()
  return (expected) => {
    const check = checks.get(expected) ?? make(expected)
    checks.set(expected, check)
    return run(check)
  }
}

export const findingsOf = (outcome: Outcome): readonly Finding[] =>
  (outcome.details?.['findings'] as Finding[] | undefined) ?? []
