import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import type { OpenPostgres } from '../clients/interfaces.ts'
import type { Migration } from '../compile/migrations/migration.ts'
import type { MigrationSet } from '../compile/migrations/read-migrations.ts'
import type { CompileOptions } from '../compile/options.ts'
import type { Sources } from '../compile/project/sources.ts'
import type { Allowance } from './allow.ts'
import { newRelations } from './already-there.ts'
import type { Driver } from './driver.ts'
import type { Thresholds } from './judge/thresholds.ts'
import { judgeMeasured } from './judge-measured.ts'
import { relationName } from './measure/effect.ts'
import { catalogBefore, measurePending } from './measure-pending.ts'
import { askSizes } from './production/ask.ts'
import type { ProductionSettings } from './production/settings.ts'
import { replayProduction } from './replay-production.ts'
import type { GateReport } from './report.ts'

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
  const { skip, ledger } = input.sources
  try {
    const before = await production.ifAsExpected(() =>
      catalogBefore(production.database, { ...input, ledger }),
    )
    if (!before) return undefined
    const replayMs = performance.now() - startedAt
    const measured = await measurePending(production.database, production.missing, {
      ...input,
      skip,
      ledger,
      before,
    })
    const measureMs = performance.now() - startedAt - replayMs
    const names = measured.steps.flatMap(({ effects }) => effects.map(({ relation }) => relation))
    const asked = await askSizes(input.client, distinct([...names, ...newRelations(measured)]))
    const sizesMs = performance.now() - startedAt - replayMs - measureMs
    const sizes = new Map(asked.relations.map((relation) => [relation.name, relation]))
    return {
      ...judgeMeasured(measured, { ...input, sizes }),
      sizesFrom: asked.from,
      times: { replayMs, measureMs, sizesMs },
    }
  } finally {
    await production.close()
  }
}

const distinct = <T extends { schema: string; name: string }>(relations: readonly T[]): T[] => [
  ...new Map(relations.map((relation) => [relationName(relation), relation])).values(),
]
