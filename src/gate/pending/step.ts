import type { Effect, Relation } from '../measure/effect.ts'
import type { PendingStatement } from './statement.ts'

/** Why a statement will not do in production what it is meant to do, or is not known to. */
export type Problem =
  /** Postgres refuses it, whatever the rows are. */
  | { readonly kind: 'fails'; readonly message: string }
  /** It cannot run in the transaction that Drizzle runs it in. */
  | { readonly kind: 'not_in_transaction'; readonly message: string }
  | { readonly kind: 'not_measured'; readonly reason: string }

/** One statement, and what it was seen to do. */
export interface Step {
  readonly statement: PendingStatement
  /** Locks are held to the end of the transaction; steps with the same number share one. */
  readonly transaction: number
  readonly effects: readonly Effect[]
  readonly problems: readonly Problem[]
  /** Columns that it adds as NOT NULL without a default: it fails as soon as the table has a row. */
  readonly requiredColumns: readonly { readonly relation: Relation; readonly column: string }[]
}
