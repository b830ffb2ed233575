import { hashOf } from '../../src/compile/migrations/migration.ts'
import type { PGlite } from '../../src/compile/replay/embedded-postgres.ts'
import type { Driver } from '../../src/gate/driver.ts'
import type { GateFinding } from '../../src/gate/judge/finding.ts'
import { defaultFailAt, defaultWarnAt } from '../../src/gate/judge/thresholds.ts'
import { judgeMeasured } from '../../src/gate/judge-measured.ts'
import { catalogBefore, measurePending } from '../../src/gate/measure-pending.ts'
import type { LiveRelation } from '../../src/gate/production/sizes.ts'
import type { Files } from './project.ts'

/** What is pending where, and how large production is. */
export interface Scenario {
  /** SQL of what production has. */
  readonly before?: string
  /** Go on from what the scenario before it left, instead of an empty database. */
  readonly keep?: boolean
  readonly pending: Files
  readonly driver?: Driver
  readonly skip?: RegExp
  readonly serverVersion?: number
  /** Of production. */
  readonly timeZone?: string
  /** Those of production; unknown when absent. */
  readonly roles?: readonly string[]
  /** Sizes of production by `schema.name`; of the others it is known that they are empty. */
  readonly sizes?: Readonly<Record<string, Partial<LiveRelation>>>
  /** What production has besides. */
  readonly there?: readonly string[]
}

/** A table that is large by every threshold. */
export const huge: Partial<LiveRelation> = { rows: 50e6, heapBytes: 20e9, indexBytes: 5e9, toastBytes: 1e9 }

const empty: LiveRelation = {
  name: '',
  rows: 0,
  heapBytes: 0,
  toastBytes: 0,
  indexBytes: 0,
  indexes: 0,
  reads: 0,
  writes: 0,
  holders: 0,
  oldHolders: 0,
  hiddenHolders: 0,
}

const noLedger = { schema: 'drizzle', table: '__drizzle_migrations' }

/** Measures and judges a scenario in the embedded Postgres, which is emptied first. */
export async function runScenario(database: PGlite, scenario: Scenario) {
  const {
    before = '',
    pending,
    driver = 'node-postgres',
    skip,
    sizes = {},
    serverVersion = 180000,
    timeZone = 'UTC',
    roles,
  } = scenario
  await (scenario.keep ? database.exec('commit') : emptyDatabase(database))
  await database.exec(before)
  const migrations = Object.entries(pending).map(([tag, sql], index) => {
    return { tag, when: index, name: undefined, file: `${tag}.sql`, sql, hash: hashOf(sql) }
  })
  const settings = {
    version: serverVersion,
    timeZone,
    hasLockTimeout: true,
    ...(roles && { roles: new Set(roles) }),
  }
  const missing = { extensions: [], types: [], objects: [] }
  const input = { pending: migrations, skip, ledger: noLedger, driver, settings }
  const catalog = await catalogBefore(database, input)
  const measured = await measurePending(database, missing, { ...input, before: catalog })
  const known = new Map(
    measured.steps
      .flatMap(({ effects }) => effects)
      .map(({ relation: { schema, name } }) => [
        `${schema}.${name}`,
        { ...empty, ...sizes[`${schema}.${name}`], name: `${schema}.${name}` },
      ]),
  )
  for (const name of scenario.there ?? []) known.set(name, { ...empty, name })
  const report = judgeMeasured(measured, {
    ...{ driver, settings, allowances: [], sizes: known },
    ...{ warnAt: defaultWarnAt, failAt: defaultFailAt },
  })
  return { ...measured, report, findings: report.migrations.flatMap(({ findings }) => findings) }
}

async function emptyDatabase(database: PGlite): Promise<void> {
  await database.exec('rollback')
  await database.exec('discard all')
  const { rows } = await database.query<{ name: string }>(
    `select quote_ident(nspname) as name from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'`,
  )
  for (const { name } of rows) await database.exec(`drop schema ${name} cascade`)
  await database.exec('create schema public')
}

/** `fail rewrites public.t #2`: what is worse than passing. */
export const said = (findings: readonly GateFinding[]): string[] =>
  findings
    .filter(({ level }) => level !== 'pass')
    .map(({ level, code, object, statement }) =>
      [level, code, object, ...(statement ? [`#${statement.number}`] : [])].join(' '),
    )
