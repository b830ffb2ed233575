import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import type { OpenPostgres } from '../clients/interfaces.ts'
import type { Migration } from '../compile/migrations/migration.ts'
import type { MigrationSet } from '../compile/migrations/read-migrations.ts'
import type { CompileOptions } from '../compile/options.ts'
import type { Sources } from '../compile/project/sources.ts'
import { type Allowance, applyAllowances, expiredAllowances } from './allow.ts'
import { attribute } from './compatibility/attribute.ts'
import { type Catalog, readCatalog } from './compatibility/catalog.ts'
import { deployFindings } from './deploy-findings.ts'
import { type Driver, usesOneTransaction } from './driver.ts'
import { type GateFinding, worst } from './judge/finding.ts'
import { judgePending } from './judge/judge.ts'
import type { Thresholds } from './judge/thresholds.ts'
import { relationName } from './measure/effect.ts'
import { newerSyntax } from './newer-syntax.ts'
import { runPending } from './pending/run-pending.ts'
import { type PendingFile, readPendingFile } from './pending/statement.ts'
import type { Step } from './pending/step.ts'
import { askSizes } from './production/ask.ts'
import type { ProductionSettings } from './production/settings.ts'
import type { LiveRelation } from './production/sizes.ts'
import { type ReplayedProduction, replayProduction } from './replay-production.ts'
import type { GatedMigration, GateReport } from './report.ts'

export interface GateInput {
  readonly options: CompileOptions
  readonly sources: Sources
  readonly set: MigrationSet
  readonly applied: readonly Migration[]
  readonly pending: readonly Migration[]
  readonly driver: Driver
  readonly settings: ProductionSettings
  readonly warnAt: Thresholds
  readonly failAt: Thresholds
  readonly allowances: readonly Allowance[]
  readonly client: ReturnType<OpenPostgres<'readOnlyBatch'>>
  /** Whether production is as these migrations make it: what is measured on a replay is true only then. */
  readonly isAsExpected: (expected: ExpectedSchema) => Promise<boolean>
}

/**
 * Replays what production has, runs what is pending one statement at a time, and weighs what it saw with production's
 * sizes.
 *
 * @returns undefined when production is not as its migrations make it
 * @throws CompileError when the applied migrations cannot be replayed; CheckError when production cannot be asked
 */
export async function runGate(input: GateInput): Promise<GateReport | undefined> {
  const startedAt = performance.now()
  const production = await replayProduction(input)
  try {
    if (!(await production.isAsExpected())) return undefined
    const replayMs = performance.now() - startedAt
    const measured = await measure(input, production)
    const measureMs = performance.now() - startedAt - replayMs
    const names = measured.steps.flatMap(({ effects }) => effects.map(({ relation }) => relation))
    const asked = await askSizes(input.client, distinct(names))
    const sizesMs = performance.now() - startedAt - replayMs - measureMs
    const sizes = new Map(asked.relations.map((relation) => [relation.name, relation]))
    const report = judgeAll(input, measured, sizes)
    return { ...report, sizesFrom: asked.from, times: { replayMs, measureMs, sizesMs } }
  } finally {
    await production.close()
  }
}

const distinct = <T extends { schema: string; name: string }>(relations: readonly T[]): T[] => [
  ...new Map(relations.map((relation) => [relationName(relation), relation])).values(),
]

interface Measured {
  readonly files: readonly PendingFile[]
  readonly steps: readonly Step[]
  readonly before: Catalog
  /** After each file. */
  readonly catalogs: readonly { readonly tag: string; readonly catalog: Catalog }[]
}

async function measure(
  { pending, sources, driver, settings }: GateInput,
  { database, missing }: ReplayedProduction,
): Promise<Measured> {
  const files = pending.map((migration) => readPendingFile(migration, sources.skip))
  await database.query(`select set_config('timezone', $1, false)`, [settings.timeZone])
  const before = await readCatalog(database, sources.ledger)
  const catalogs: { tag: string; catalog: Catalog }[] = []
  const steps = await runPending(database, files, {
    oneTransaction: usesOneTransaction(driver),
    missing,
    onFile: async ({ migration: { tag } }) => {
      catalogs.push({ tag, catalog: await readCatalog(database, sources.ledger) })
    },
  })
  return { files, steps: steps.map((step) => withNewerSyntax(step, settings.version)), before, catalogs }
}

/** The embedded Postgres is newer than most servers, and accepts what they refuse. */
function withNewerSyntax(step: Step, serverVersion: number): Step {
  const name = newerSyntax(step.statement.text, serverVersion)
  if (name === undefined) return step
  const message = `${name} is unknown to Postgres ${Math.floor(serverVersion / 10_000)}`
  return { ...step, problems: [...step.problems, { kind: 'fails', message }] }
}

function judgeAll(
  { driver, settings, warnAt, failAt, allowances }: GateInput,
  { files, steps, before, catalogs }: Measured,
  sizes: ReadonlyMap<string, LiveRelation>,
): Omit<GateReport, 'sizesFrom' | 'times'> {
  const incompatibilities = attribute(before, catalogs)
  const found = judgePending({ files, steps, sizes, warnAt, failAt, incompatibilities })
  const accepted = (finding: GateFinding, tag?: string) => applyAllowances(finding, tag, allowances)
  const migrations = files.map(({ migration: { tag, file }, statements }): GatedMigration => {
    const findings = (found.get(tag) ?? []).map((finding) => accepted(finding, tag))
    return {
      tag,
      file,
      statements: statements.length,
      findings,
      verdict: worst(findings.map(({ level }) => level)),
    }
  })
  const oneTransaction = usesOneTransaction(driver)
  const findings = deployFindings({
    files,
    driver,
    oneTransaction,
    hasLockTimeout: settings.hasLockTimeout,
    findings: migrations.flatMap((migration) => migration.findings),
  }).map((finding) => accepted(finding))
  const levels = [...migrations.map(({ verdict }) => verdict), ...findings.map(({ level }) => level)]
  return {
    verdict: worst(levels),
    serverVersion: settings.version,
    driver,
    oneTransaction,
    migrations,
    findings,
    expired: expiredAllowances(
      allowances,
      files.map(({ migration }) => migration.tag),
    ),
  }
}
