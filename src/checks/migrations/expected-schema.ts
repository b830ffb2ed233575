/**
 * The expected schema: what the migrations make, as Postgres itself prints it. Written at build time as one small
 * JSON file that is bundled with the function, and compared with the live database at run time.
 * @module
 */
import type { Kind, OptionalKind } from '../../core/finding-kinds.ts'

export type { Kind, OptionalKind } from '../../core/finding-kinds.ts'

/** What a part is named after, where it is named after something. */
export const headKinds: readonly Kind[] = [
  'table',
  'view',
  'materialized view',
  'foreign table',
  'composite type',
  'routine',
  'query',
]

/** An object of a catalog. */
export interface SchemaObject {
  readonly kind: Kind
  /**
   * Quoted as in SQL where that is needed; empty for the object that the part is named after (the table itself),
   * relative to the table for what lives inside one (`total`), and with its schema for everything else
   * (`public.orders_status_index`).
   */
  readonly name: string
  /** As Postgres prints it. */
  readonly definition: string
}

/** No name is expected to have it: an object whose name did would show as missing and extra instead of changed. */
const separator = '\u001f'

/**
 * An object as the file has it: kind, name and definition with U+001F between. A thousand tables have ten thousand
 * objects of which a run reads a few, and as anything but text they would cost a young isolate 1 ms in each of its first
 * garbage collections.
 */
export const writeObject = ({ kind, name, definition }: SchemaObject): string =>
  [kind, name, definition].join(separator)

export const kindOf = (text: string): Kind => text.slice(0, text.indexOf(separator)) as Kind

export function readObject(text: string): SchemaObject {
  const nameAt = text.indexOf(separator) + 1
  const definitionAt = text.indexOf(separator, nameAt) + 1
  return {
    kind: kindOf(text),
    name: text.slice(nameAt, definitionAt - 1),
    definition: text.slice(definitionAt),
  }
}

/** What is digested and asked for together. */
export interface ExpectedPart {
  /**
   * A relation (`public.orders`) with all that belongs to it; a view's text (`public.sales query`); a routine
   * (`public.total(integer)`); and under the empty name all that belongs to no table.
   */
  readonly part: string
  /** What the part is named after; null for the one without a name. */
  readonly kind: Kind | null
  /** Accepted digests, one at least: as the migrations made it, and after a dump and restore where Postgres then prints it differently. */
  readonly digests: readonly string[]
  /**
   * Accepted digests of the objects, in their order: words with a space between, and where two are accepted a slash.
   * One text, because it is only handed on, and making it anew for a hundred tables would cost a Worker 1 ms.
   */
  readonly objectDigests: string
  /** Texts of {@link writeObject}. */
  readonly objects: readonly string[]
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

/** A difference that proves nothing: how an object differs was never known. */
export interface NotComparable {
  readonly kind: Kind
  /** As findings name it, without quotes. */
  readonly object: string
  readonly difference: 'missing' | 'changed' | 'extra'
}

/** What the query asks about; the build and the run must ask about the same. */
export interface Scope {
  /** Names of the schemas that are compared, unquoted. */
  readonly schemas: readonly string[]
  /** Whether partitions are compared; their partitioned parent always is. */
  readonly partitions: boolean
  /**
   * Whether the migrations make policies `TO CURRENT_USER` or such: Postgres keeps the role that ran them, whose name differs from
   * the replay's. The owner of the table of applied migrations, and of a table, is then read as CURRENT_USER in its policies. [false]
   */
  readonly ownerPolicies?: boolean
  /** Tables that the migrations gave to another owner, who is not read so. [none] */
  readonly otherOwners?: readonly string[]
  /** Policies for a role that the migrations name as the replay's own is named: no role is read so in them. [none] */
  readonly namedPolicies?: readonly string[]
  /**
   * Names of the extensions that the migrations make: compared wherever they live. Others are compared only where
   * they live in one of the schemas, because platforms bring their own.
   */
  readonly extensions: readonly string[]
  readonly optionalKinds: readonly OptionalKind[]
  /** Drizzle's table of applied migrations, names unquoted: it is never compared, even where its schema is. */
  readonly ledger?: { readonly schema: string; readonly table: string }
  /**
   * What the database had before the migrations and is not expected of it, so not compared: names of parts, and texts of
   * `writeObject` without the definition, behind the part and U+001F.
   */
  readonly provided?: readonly string[]
  /** Patterns of `--ignore`: what they name is asked, and its differences are left out. */
  readonly ignore?: readonly string[]
  /** What could not be known without an extension that the embedded Postgres lacks. */
  readonly notComparable?: readonly NotComparable[]
  /** The same where `ignore` accepts it: all the same, no statement for it is certain. */
  readonly acceptedUnknown?: readonly NotComparable[]
  /** Kinds and names of what the migrations made and no query asks for: `publication changes`. */
  readonly uncompared?: readonly string[]
  /** Names of tables that blocks and functions of the migrations make, `*` for what a row decides: which there are is not known. */
  readonly madeForRows?: readonly string[]
  /** Names of the domains that stood in for types of such an extension. */
  readonly standIns?: readonly string[]
  /** The drizzle.config's own patterns: an extra table that they leave out is not ours. */
  readonly tablesFilter?: readonly string[]
}

export interface ExpectedSchema extends Scope {
  /** `queryVersion` of the code that asked: digests of another query cannot be compared. */
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
  /** Names of SQL files in the migrations folder that Drizzle never runs; absent when there is none. */
  readonly unlisted?: readonly string[]
  /** Why a newer build failed, where `edge-health start` goes on with this one. */
  readonly newerBuildFailed?: string
  /** Accepted digests of everything: with and without the text of views, as made and after a dump and restore. */
  readonly digests: readonly string[]
  /** Accepted digests of all objects of each kind, which tell which kinds have to be asked for. */
  readonly kinds: readonly { readonly kind: Kind; readonly digests: readonly string[] }[]
  /** By name; the one without a name is always there. */
  readonly parts: readonly ExpectedPart[]
}
