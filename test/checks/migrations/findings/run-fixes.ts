import pg from 'pg'
import { expect } from 'vitest'
import { migrationsCheck } from '../../../../src/checks/migrations/check.ts'
import type { ExpectedSchema } from '../../../../src/checks/migrations/expected-schema.ts'
import type { Finding } from '../../../../src/checks/migrations/findings/finding.ts'
import type { Evidence } from '../../../../src/checks/migrations/outcome.ts'
import { fixSql } from '../../../../src/cli/check/fix-sql.ts'
import { wholeFixes } from '../../../../src/cli/check/fixes/whole-fixes.ts'
import { clientOn, inOneTransaction, type Live, run } from '../live.ts'
import { findingsOf } from '../mutation-suite.ts'
import { replay, type TestMigrations } from '../replay.ts'
import { expectEachAlone } from './run-alone.ts'

/** A drift, and what is still reported after all fixes: empty where they lead back to a check that passes. */
export interface FixedDrift {
  readonly name: string
  readonly drift: string
  /** `kind object` of each finding that has no fix by design. */
  readonly left: readonly string[]
  /** The same after `--fix-sql`, where that is another one: it has no limit of length. [leftByScript=left] */
  readonly leftByScript?: readonly string[]
}

/** One session on a database as the migrations made it: each drift happens in a transaction that is undone. */
export interface FixBench {
  runFixes(drift: FixedDrift): Promise<void>
  close(): Promise<void>
}

export async function startFixBench(live: Live, name: string, migrations: TestMigrations): Promise<FixBench> {
  const { expected } = await replay(migrations)
  await live.migrate(name, migrations)
  const session = new pg.Client(live.server.url(name))
  await session.connect()
  return {
    async runFixes(drift) {
      await session.query('begin')
      try {
        await runFixes(session, expected, drift)
      } finally {
        await session.query('rollback')
      }
    },
    close: () => session.end(),
  }
}

/** Asks, and keeps what `--fix-sql` is made of. */
async function ask(session: pg.Client, expected: ExpectedSchema, inTerminal = true) {
  let evidence: Evidence | undefined
  const outcome = await run(
    migrationsCheck(
      { postgres: () => clientOn(session), expected },
      {
        terminal: {
          ...(inTerminal && { fixes: wholeFixes }),
          onEvidence(found) {
            evidence = found
          },
        },
      },
    ),
  )
  return { outcome, evidence, findings: findingsOf(outcome) }
}

/** Each way in which a person runs them, on the same drift, and afterwards exactly what is left by design. */
async function runFixes(
  session: pg.Client,
  expected: ExpectedSchema,
  { drift, left, leftByScript = left }: FixedDrift,
) {
  await session.query(drift)
  const { outcome, evidence, findings } = await ask(session, expected)
  expect(outcome.code).toMatch(/^(drift|extra)$/)
  await session.query('savepoint drift')
  const again = () => session.query('rollback to savepoint drift')

  expect(await afterShown(session, expected, fixesOf(findings)), 'as they are shown').toEqual(left.toSorted())
  await again()

  await expectEachAlone(session, findings, again)

  await runFewer(session, expected)
  await again()

  const script = fixSql({ verdict: '', evidence, parts: expected.parts, removeSecrets: (sql) => sql })
  await session.query(inOneTransaction(script))
  expect(namesOf(await ask(session, expected)), script).toEqual(leftByScript.toSorted())
}

const fixesOf = (findings: readonly Finding[]) =>
  findings.flatMap(({ fix }) => (fix === undefined ? [] : [inOneTransaction(fix)]))

/** The function has fewer fixes than the terminal. Each runs, and its finding is gone afterwards. */
async function runFewer(session: pg.Client, expected: ExpectedSchema) {
  const before = await ask(session, expected, false)
  for (const fix of fixesOf(before.findings)) await session.query(fix)
  const after = await ask(session, expected, false)
  const fixed = before.findings.filter(({ fix, difference }) => fix !== undefined && difference !== 'extra')
  const name = ({ object, kind, difference }: Finding) => `${difference} ${kind} ${object}`
  expect(after.findings.map(name).filter((left) => fixed.map(name).includes(left))).toEqual([])
}

/** What is reported when no fix is left: what a missing schema held is reported when that is there again. */
async function afterShown(
  session: pg.Client,
  expected: ExpectedSchema,
  fixes: readonly string[],
  rounds = 2,
) {
  for (const fix of fixes) await session.query(fix)
  const answer = await ask(session, expected)
  const more = fixesOf(answer.findings)
  if (more.length > 0 && rounds > 1) return afterShown(session, expected, more, rounds - 1)
  expect(more).toEqual([])
  return namesOf(answer)
}

function namesOf({ outcome, findings }: Awaited<ReturnType<typeof ask>>): string[] {
  expect(outcome.code === 'ok').toBe(findings.every(({ severity }) => severity === 'info'))
  return findings.map(({ kind, object }) => `${kind} ${object}`).toSorted()
}
