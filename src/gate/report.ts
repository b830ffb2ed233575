import type { Allowance } from './allow.ts'
import type { GateFinding, Level } from './judge/finding.ts'
import type { SizesFrom } from './production/sizes.ts'

/** What would happen to one pending migration. */
export interface GatedMigration {
  readonly tag: string
  /** Path of its file. */
  readonly file: string
  readonly verdict: Level
  readonly statements: number
  readonly findings: readonly GateFinding[]
}

/** The result of a gate that could measure. */
export interface GateReport {
  readonly verdict: Level
  /** `server_version_num` of production. */
  readonly serverVersion: number
  readonly driver: string
  readonly oneTransaction: boolean
  readonly sizesFrom: SizesFrom
  readonly migrations: readonly GatedMigration[]
  /** What is about the deploy as a whole. */
  readonly findings: readonly GateFinding[]
  readonly expired: readonly Allowance[]
  /** Milliseconds that the measuring took, and the one query for sizes. */
  readonly times: { readonly replayMs: number; readonly measureMs: number; readonly sizesMs: number }
}
