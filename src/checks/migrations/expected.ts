/**
 * The expected schema: what the migrations make, as Postgres itself prints it. Written at build time as one small
 * JSON file that is bundled with the function, and compared with the live database at run time.
 * @module
 */

/**
 * What a catalog object is. The first group is always compared; an {@link OptionalKind} only where it was asked for
 * at build time. Everything of one table (columns, constraints, indexes, …) is in the part of that table.
 */
export type Kind =
  | 'schema'
  | 'extension'
  | 'enum'
  | 'domain'
  | 'range type'
  | 'composite type'
  | 'collation'
  | 'routine'
  | 'sequence'
  | 'table'
  | 'view'
  | 'materialized view'
  | 'foreign table'
  | 'query'
  | 'column'
  | 'constraint'
  | 'disabled foreign key'
  | 'index'
  | 'policy'
  | 'row level security'
  | 'rule'
  | 'statistics'
  | 'storage parameters'
  | 'trigger'
  | OptionalKind

/**
 * Kinds that differ between environments, or that no statement of the application notices: information only, and off
 * unless asked for. `access` is a relation that the checking role may not SELECT from.
 */
export type OptionalKind = 'access' | 'column order' | 'comment' | 'grant' | 'owner' | 'statistics target'

/**
 * One object: its kind, its name, and its definition as Postgres prints it. The name is quoted as in SQL where that is
 * needed; it is empty for the object that the part is named after (the table itself), relative to the table for what
 * lives inside one (`total`), and with its schema for everything else (`public.orders_status_index`).
 */
export type ExpectedObject = readonly [kind: Kind, name: string, definition: string]

/** What is digested and asked for together. */
export interface ExpectedPart {
  /**
   * A relation (`public.orders`) with all that belongs to it; a view's text (`public.sales query`); a routine
   * (`public.total(integer)`); and under the empty name all that belongs to no table.
   */
  readonly part: string
  /** Accepted digests, one at least: as the migrations made it, and after a dump and restore where Postgres then prints it otherwise. */
  readonly digests: readonly string[]
  /**
   * Accepted digests of the objects, in their order: words with a space between, and where two are accepted a slash.
   * One text, because it is only handed on, and making it anew for a hundred tables would cost a Worker 1 ms.
   */
  readonly objectDigests: string
  readonly objects: readonly ExpectedObject[]
}

/** One migration file. */
export interface ExpectedMigration {
  /** File name without `.sql`, or the folder's name in the 1.0 layout. */
  readonly tag: string
  /** Epoch milliseconds: the journal's `when`, or the time in the folder's name. The ledger's `created_at`. */
  readonly when: number
  /** The ledger's `name`: 1.0 layout only. */
  readonly name?: string
  /** First 16 hex digits of the SHA-256 of the file's text as it was read. */
  readonly hash: string
  /** The same for the forms that differ only in line endings (LF, CRLF), without `hash` itself. */
  readonly otherLineEndings: readonly string[]
}

/** What the application's models say against the newest snapshot. */
export type Models =
  | { readonly state: 'in_line' }
  /** The models have what no migration makes; `names` are the differing names. */
  | { readonly state: 'ahead'; readonly names: readonly string[] }
  | { readonly state: 'not_compared'; readonly reason: string }

/** What the question is asked about; the build and the run must ask about the same. */
export interface Scope {
  /** Names of the schemas that are compared, unquoted. */
  readonly schemas: readonly string[]
  /** Whether partitions are compared; their partitioned parent always is. */
  readonly partitions: boolean
  /**
   * Names of the extensions that the migrations make: compared wherever they live. Others are compared only where
   * they live in one of the schemas, because platforms bring their own.
   */
  readonly extensions: readonly string[]
  readonly optionalKinds: readonly OptionalKind[]
}

export interface ExpectedSchema extends Scope {
  /** `questionVersion` of the code that asked: digests of another question cannot be compared. */
  readonly question: string
  /** `server_version_num` of the Postgres that the migrations were replayed on, 180006 for 18.6. */
  readonly serverVersion: number
  /** Drizzle's table of applied migrations, names unquoted. */
  readonly ledger: { readonly schema: string; readonly table: string }
  /** `0.31`: a journal, applied by time. `1.0`: folders, applied by name. */
  readonly layout: '0.31' | '1.0'
  /** In the order in which Drizzle runs them. */
  readonly migrations: readonly ExpectedMigration[]
  readonly models: Models
  /** Accepted digests of everything: with and without the text of views, as made and after a dump and restore. */
  readonly digests: readonly string[]
  /** Sorted by their first digest; the one without a name is always there. */
  readonly parts: readonly ExpectedPart[]
  /** The first digest of every part, in their order, as `sorted-digests.ts` compares them. */
  readonly partDigests: string
}
