import type pg from 'pg'
import { expect } from 'vitest'
import type { Finding } from '../../../../src/checks/migrations/findings/finding.ts'
import { inOneTransaction } from '../live.ts'

type What = `${Finding['kind']} ${Finding['difference']}`

/**
 * Why Postgres refuses a fix that is run alone: by what it fixes and the SQLSTATE, whose fixes have to be run before. All
 * else is a fix that fails.
 */
const waitsFor: { readonly [what in What]?: Readonly<Record<string, readonly What[]>> } = {
  // A default that names a value, and one that takes numbers from a sequence.
  'column changed': { '22P02': ['enum changed'], '42P01': ['sequence missing'] },
  // A column of the primary key is required while that is there.
  'column extra': { '42P16': ['constraint extra'] },
  // A foreign key hangs on it.
  'constraint extra': { '2BP01': ['constraint extra'] },
  'constraint missing': {
    '42703': ['column missing'],
    '42P01': ['table missing'],
    // The key that a foreign key refers to.
    '42830': ['constraint missing', 'index missing'],
    // A unique constraint brings an index of its name along, and there is one primary key.
    '42P07': ['index extra'],
    '42P16': ['constraint extra'],
  },
  'index changed': { '22P02': ['enum changed'] },
  // An operator class, and an index of its name on another table.
  'index missing': { '42704': ['extension missing'], '42P07': ['index extra'] },
  'materialized view missing': { '42P01': ['table missing'] },
  'policy missing': {
    '42703': ['column missing'],
    '42883': ['routine missing'],
    '42P01': ['table missing'],
  },
  'query changed': { '22P02': ['enum changed'] },
  // Its argument is a row of the table.
  'routine missing': { '42704': ['table missing'] },
  'table missing': { '42704': ['enum missing', 'domain missing', 'composite type missing'] },
  'trigger missing': { '42883': ['routine missing'] },
  'view missing': { '42703': ['column missing'], '42P01': ['table missing', 'view missing'] },
}

const whatOf = ({ kind, difference }: Finding): What => `${kind} ${difference}`

/** Whether it runs; the SQLSTATE if not. Then nothing was changed. */
async function attempt(session: pg.Client, { fix = '' }: Finding): Promise<string | undefined> {
  await session.query('savepoint attempt')
  try {
    await session.query(inOneTransaction(fix))
    return undefined
  } catch (error) {
    await session.query('rollback to savepoint attempt')
    return (error as pg.DatabaseError).code ?? String(error)
  }
}

/** Which reasons of the table were seen, as `kind difference SQLSTATE`. */
export const seen = new Set<string>()

export const explained: readonly string[] = Object.entries(waitsFor).flatMap(([what, reasons]) =>
  Object.keys(reasons).map((sqlstate) => `${what} ${sqlstate}`),
)

/**
 * Each fix alone runs, or Postgres refuses it for the reason that is explained for its kind: behind the fixes that are shown before it, it
 * runs, and without those that it waits for among them, it is refused in the same way.
 *
 * @param again undoes what was run
 */
export async function expectEachAlone(
  session: pg.Client,
  findings: readonly Finding[],
  again: () => Promise<unknown>,
): Promise<void> {
  const fixed = findings.filter(({ fix }) => fix !== undefined)
  for (const [at, finding] of fixed.entries()) {
    const sqlstate = await attempt(session, finding)
    await again()
    if (sqlstate === undefined) continue
    const needed = waitsFor[whatOf(finding)]?.[sqlstate]
    expect(needed, `${whatOf(finding)} ${sqlstate}: ${finding.fix}`).toBeDefined()
    seen.add(`${whatOf(finding)} ${sqlstate}`)
    const before = fixed.slice(0, at)
    const others = before.filter((other) => !needed?.includes(whatOf(other)))
    expect(others.length, `no ${needed} is fixed before: ${finding.fix}`).toBeLessThan(before.length)
    for (const other of others) await attempt(session, other)
    expect(await attempt(session, finding), `without ${needed}: ${finding.fix}`).toBe(sqlstate)
    await again()
    for (const other of before) expect(await attempt(session, other)).toBeUndefined()
    expect(await attempt(session, finding), `behind ${needed}: ${finding.fix}`).toBeUndefined()
    await again()
  }
}
