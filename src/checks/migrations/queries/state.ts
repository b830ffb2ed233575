import type { Row, Statement } from '../../../clients/postgres.ts'
import { CheckError } from '../../../core/check.ts'
import { isRecord } from '../../../core/is-record.ts'
import type { Scope } from '../expected-schema.ts'
import type { LiveDigests } from './differing-parts.ts'
import {
  isCompared,
  kindDigests,
  overallDigest,
  partDigests,
  viewTextIsStable,
  withObjects,
} from './digest.ts'
import { fingerprintQuery } from './fingerprint.ts'
import { parseJson } from './parse-answer.ts'

/**
 * The first query to a live database: is it still what it was, which migrations ran, is the catalog in sync? Its
 * answer is a few bytes while it is, however many tables there are, and a few for each table when it is not; what differs
 * is asked by `askDiffering`.
 *
 * Every statement runs in a transaction that began with `pinSettings`. The catalog is asked as dynamic SQL, by
 * `query_to_xml`: it takes 8 ms to plan alone, and a known fingerprint needs none of it.
 * @module
 */

/** Text that XML leaves alone: inside of JSON, the characters that it would escape are written as JSON escapes. */
const asJson = (json: string) =>
  String.raw`replace(replace(replace((${json})::text, '&', '\u0026'), '<', '\u003c'), '>', '\u003e')`

/** Whether the catalog's digest is one of those in the setting `edge_health.digests`; the digests of all parts and kinds if not. */
const catalogAnswer = `
select case
  when case when ${viewTextIsStable} then digest else digest_without_queries end
    in (select json_array_elements_text(current_setting('edge_health.digests')::json)) then 'true'
  else json_build_object(
    'parts', (select coalesce(string_agg(digest, ' '), '') from parts where ${isCompared}),
    'kinds', (select coalesce(json_agg(kinds), '[]') from kinds where ${isCompared}))::text end as answer
from overall`

// A table that is not Drizzle's may have anything there, and `offset 0` keeps each row from being made JSON for each value.
const ledgerRows = `
select ${asJson(`json_agg(json_build_array(left(l ->> 'created_at', 17), left(l ->> 'hash', 16), case when l ? 'name' then coalesce(l ->> 'name', '') end))`)} as answer
from (select to_jsonb(t) as l from %I.%I t offset 0) ledger`

const dynamically = (parameter: string) => `query_to_xml(${parameter}, true, true, '')::text`

/** Rows that a policy hides would look like migrations that never ran. */
const isReadable = `has_schema_privilege(relnamespace, 'usage') and has_table_privilege(oid, 'select')
    and not row_security_active(oid)`

const ledgerAnswer = `(
  select case when ${isReadable} then ${dynamically('format($2::text, $3::text, relname)')} else 'denied' end
  from pg_class
  where relnamespace = to_regnamespace(quote_ident($3::text)) and relname = $4::text and relkind in ('r', 'p', 'v', 'm', 'f'))`

/**
 * Fingerprint and ledger, and unless the fingerprint is `known` whether the catalog is in sync: whether its digest is
 * one of those in the setting `edge_health.digests`. Read its row with `readState`.
 *
 * @param query.withCatalog false leaves the catalog out: nothing then waits for a lock on a table
 */
export function stateQuery(
  scope: Scope,
  query: {
    readonly ledger: { readonly schema: string; readonly table: string }
    readonly known?: string | undefined
    readonly withCatalog?: boolean
  },
): Statement {
  const catalog =
    query.withCatalog === false
      ? null
      : withObjects(scope) + partDigests + kindDigests + overallDigest + catalogAnswer
  return {
    text: `with state as materialized (${fingerprintQuery(scope.optionalKinds.includes('comment'))})
select fingerprint, current_setting('server_version_num')::int as version, ${ledgerAnswer} as ledger,
  case when fingerprint is distinct from $1::text and $5::text is not null then ${dynamically('$5::text')} end as catalog
from state`,
    values: [query.known ?? null, ledgerRows, query.ledger.schema, query.ledger.table, catalog],
  }
}

/** The fingerprint alone: after the objects, it tells whether anything changed while they were read. */
export const fingerprintStatement = (scope: Scope): Statement => ({
  text: fingerprintQuery(scope.optionalKinds.includes('comment')),
})

/** One row of Drizzle's ledger; the hash is cut to 16 hex digits. */
export interface MigrationsTableRow {
  readonly when: number
  readonly hash: string
  /** The folder's, in a table of Drizzle 1.0; null in a row that an older version wrote there. Absent without such a column. */
  readonly name?: string | null
}

export interface State {
  readonly fingerprint: string
  /** `server_version_num`. */
  readonly version: number
  readonly ledger: readonly MigrationsTableRow[] | 'absent' | 'denied'
  /**
   * `in sync`, or what is live, for `whatDiffers`. Absent when the fingerprint was the known one, or the catalog was not
   * asked for.
   */
  readonly catalog: 'in sync' | LiveDigests | undefined
}

type Cells = readonly (string | number | null)[]

/** @throws {CheckError} `wrong_answer` when the answer is not of this shape */
export function readState(row: Row | undefined): State {
  if (typeof row?.['fingerprint'] !== 'string')
    throw new CheckError('wrong_answer', 'the catalog query was answered without a fingerprint')
  return {
    fingerprint: row['fingerprint'],
    version: Number(row['version']),
    ledger: readLedger(row['ledger']),
    catalog: row['catalog'] == null ? undefined : readCatalog(row['catalog']),
  }
}

function readCatalog(cell: unknown): State['catalog'] {
  const answer = fromXml(cell)
  if (answer === true) return 'in sync'
  if (isLiveDigests(answer)) return answer
  throw new CheckError('wrong_answer', 'the catalog query was answered by something else')
}

const isLiveDigests = (answer: unknown): answer is LiveDigests =>
  isRecord(answer) && 'parts' in answer && 'kinds' in answer

function readLedger(cell: unknown): State['ledger'] {
  if (cell == null) return 'absent'
  if (cell === 'denied') return 'denied'
  const rows = ((fromXml(cell) ?? []) as Cells[]).map(([when, hash, name]) => ({
    when: /^\d{1,16}$/.test(String(when)) ? Number(when) : Number.NaN,
    hash: String(hash),
    ...(name != null && { name: name === '' ? null : String(name) }),
  }))
  return rows.sort((a, b) => (a.when || 0) - (b.when || 0))
}

/** The one cell of the one row that `query_to_xml` wrote; undefined where it is null. */
function fromXml(cell: unknown): unknown {
  const xml = String(cell)
  const start = xml.indexOf('<answer>')
  return start < 0 ? undefined : parseJson(xml.slice(start + '<answer>'.length, xml.lastIndexOf('</answer>')))
}
