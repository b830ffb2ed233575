import { Failure } from '../../check.ts'
import type { Row, Statement } from '../../clients/postgres.ts'
import type { Kind, Scope } from './expected.ts'
import { fingerprintQuery } from './fingerprint.ts'
import { allObjectsText, commonTables, objectsQuery } from './objects.ts'
import { printing } from './settings.ts'

/**
 * The question that is asked of two databases: of the replay at build time, of the live one at run time. Postgres
 * digests its own answer, so that a database in line costs a few bytes.
 *
 * Every statement runs in a transaction that began with `pinSettings`. The catalog is asked as dynamic SQL, by
 * `query_to_xml`: it takes 8 ms to plan alone, and a known fingerprint needs none of it.
 * @module
 */

/** Text that XML leaves alone: inside of JSON, the characters that it would escape are written as JSON escapes. */
const asJson = (json: string) =>
  String.raw`replace(replace(replace((${json})::text, '&', '\u0026'), '<', '\u003c'), '>', '\u003e')`

/** Without carriage returns: files that were checked out with other line endings make the same thing. */
const objects = (scope: Scope) => `with ${commonTables},
written(part, kind, name, definition) as (${objectsQuery(scope.optionalKinds)}
),
objects as (
  select part, kind, name, replace(coalesce(definition, ''), E'\\r', '') as definition from written
)`

/** What a part is named after, where it is named after something. */
const headKinds = `'table', 'view', 'materialized view', 'foreign table', 'composite type', 'routine', 'query'`

/** A part's digest is cut, because a whole one would only cost bytes. */
const digests = `,
parts as materialized (
  select part, min(kind) filter (where name = '' and kind in (${headKinds})) as kind, left(md5(string_agg(md5(concat_ws(chr(31), kind, name, definition)), ''
    order by kind collate "C", name collate "C", definition collate "C")), 12) as digest
  from objects group by part
),
overall as (
  select md5(string_agg(part || chr(31) || digest, chr(30) order by part collate "C")) as digest,
    md5(string_agg(part || chr(31) || digest, chr(30) order by part collate "C")
      filter (where kind is distinct from 'query')) as digest_without_queries
  from parts
)`

const partList = `(select json_agg(json_build_array(part, kind, digest) order by part collate "C") from parts)`

const verdict = (accepted: string) => `${digests}
select ${asJson(`select json_build_object('digest', digest, 'digestWithoutQueries', digest_without_queries,
  'parts', case when ${accepted} then null else ${partList} end)`)} as answer from overall`

/** `server_version_num` from which on the text of views is compared: before, columns were printed with their table's name. */
export const stableViewText = 160000

const isAccepted = `case when current_setting('server_version_num')::int >= ${stableViewText} then digest
  else digest_without_queries end in (select json_array_elements_text(current_setting('edge_health.digests')::json))`

/** Small parts come first, so that one large one never hides the others. */
const objectsOfParts = `,
chosen as materialized (
  select part, sum(octet_length(concat(part, kind, name, definition)) + 16) as bytes,
    json_agg(json_build_array(part, kind, name, definition) order by kind collate "C", name collate "C") as rows
  from objects where part in (select json_array_elements_text(current_setting('edge_health.parts')::json)) group by part
),
fitting as (
  select *, sum(bytes) over (order by bytes, part collate "C") <= current_setting('edge_health.max_bytes')::bigint as fits from chosen
)
select ${asJson(`select json_build_object('parts', coalesce(json_agg(rows) filter (where fits), '[]'),
  'left_out', coalesce(json_agg(part) filter (where not fits), '[]'))`)} as answer from fitting`

/** A table that is not Drizzle's may have anything there. */
const createdAt = String.raw`case when l ->> 'created_at' ~ '^\d{1,16}$' then (l ->> 'created_at')::bigint end`

const ledgerRows = `
select ${asJson(`json_agg(json_build_array(${createdAt}, left(l ->> 'hash', 16), l ->> 'name') order by l ->> 'created_at')`)} as answer
from (select to_jsonb(t) as l from %I.%I t) ledger`

const dynamically = (parameter: string) => `query_to_xml(${parameter}, true, true, '')::text`

/** Rows that a policy hides would look like migrations that never ran. */
const isReadable = `has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
    and not row_security_active(c.oid)`

const ledgerAnswer = `(
  select case when ${isReadable} then ${dynamically('format($2::text, n.nspname, c.relname)')} else 'denied' end
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $3::text and c.relname = $4::text and c.relkind in ('r', 'p', 'v', 'm', 'f'))`

/** Told from every other version of the question, whose digests cannot be compared with this one's. */
export const questionVersion = checksum(allObjectsText + digests + JSON.stringify(printing))

/** FNV-1a, 32 bit: short, and good enough to tell texts apart that nobody chose. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}

/**
 * Fingerprint, ledger, and the digest of the catalog unless the fingerprint is `known`; the parts' digests too when
 * the catalog's is none of those in the setting `edge_health.digests`. Read its row with `readState`.
 *
 * @param question.withCatalog false leaves the catalog out: nothing then waits for a lock on a table
 */
export function askState(
  scope: Scope,
  question: {
    readonly ledger: { readonly schema: string; readonly table: string }
    readonly known?: string | undefined
    readonly withCatalog?: boolean
  },
): Statement {
  const catalog = question.withCatalog === false ? null : objects(scope) + verdict(isAccepted)
  return {
    text: `with state as materialized (${fingerprintQuery(scope.optionalKinds.includes('comment'))})
select fingerprint, current_setting('server_version_num')::int as version, ${ledgerAnswer} as ledger,
  case when fingerprint is distinct from $1::text and $5::text is not null then ${dynamically('$5::text')} end as catalog
from state`,
    values: [question.known ?? null, ledgerRows, question.ledger.schema, question.ledger.table, catalog],
  }
}

/** The objects of the parts named in the setting `edge_health.parts`, up to `edge_health.max_bytes`. See `readObjects`. */
export const askObjects = (scope: Scope): Statement => ({ text: objects(scope) + objectsOfParts })

/** The fingerprint alone: after the objects, it tells whether anything changed while they were read. */
export const askFingerprint = (scope: Scope): Statement => ({
  text: fingerprintQuery(scope.optionalKinds.includes('comment')),
})

/** The digests of all parts, accepted or not: for the build. See `readDigests`. */
export const askDigests = (scope: Scope): Statement => ({ text: objects(scope) + verdict('false') })

/** One row of Drizzle's ledger; the hash is cut to 16 hex digits, the name is the 1.0 layout's. */
export interface LedgerRow {
  readonly when: number
  readonly hash: string
  readonly name?: string
}

/** A part of the catalog by its digest. `kind` is that of the object it is named after. */
export interface PartDigest {
  readonly part: string
  readonly kind: Kind | undefined
  readonly digest: string
}

export interface Digests {
  readonly digest: string
  readonly digestWithoutQueries: string
  /** Absent when the digest is an accepted one. */
  readonly parts: readonly PartDigest[] | undefined
}

export interface CatalogObject {
  readonly part: string
  readonly kind: Kind
  readonly name: string
  readonly definition: string
}

export interface State {
  readonly fingerprint: string
  /** `server_version_num`. */
  readonly version: number
  readonly ledger: readonly LedgerRow[] | 'absent' | 'denied'
  /** Absent when the fingerprint was the known one, or the catalog was not asked for. */
  readonly catalog: Digests | undefined
}

type Cells = readonly (string | number | null)[]

/** @throws {Failure} `wrong_answer` when the answer is not of this shape */
export function readState(row: Row | undefined): State {
  if (typeof row?.['fingerprint'] !== 'string')
    throw new Failure('wrong_answer', 'the catalog question was answered without a fingerprint')
  return {
    fingerprint: row['fingerprint'],
    version: Number(row['version']),
    ledger: readLedger(row['ledger']),
    catalog: row['catalog'] == null ? undefined : toDigests(fromXml(row['catalog'])),
  }
}

export const readDigests = (row: Row | undefined): Digests => toDigests(parse(String(row?.['answer'])))

/** The objects that fitted, and the names of the parts that did not. */
export function readObjects(row: Row | undefined): { objects: CatalogObject[]; leftOut: string[] } {
  const answer = parse(String(row?.['answer'])) as { parts: string[][][]; left_out: string[] }
  const objects = answer.parts.flat().map(([part = '', kind, name = '', definition = '']) => {
    return { part, kind: kind as Kind, name, definition }
  })
  return { objects, leftOut: answer.left_out }
}

function readLedger(cell: unknown): State['ledger'] {
  if (cell == null) return 'absent'
  if (cell === 'denied') return 'denied'
  return ((fromXml(cell) ?? []) as Cells[]).map(([when, hash, name]) => ({
    when: when === null ? Number.NaN : Number(when),
    hash: String(hash),
    ...(name != null && { name: String(name) }),
  }))
}

function toDigests(answer: unknown): Digests {
  const { parts, ...rest } = answer as Omit<Digests, 'parts'> & {
    parts: [string, Kind | null, string][] | null
  }
  return { ...rest, parts: parts?.map(([part, kind, digest]) => ({ part, kind: kind ?? undefined, digest })) }
}

/** The one cell of the one row that `query_to_xml` wrote; undefined where it is null. */
function fromXml(cell: unknown): unknown {
  const xml = String(cell)
  const start = xml.indexOf('<answer>')
  return start < 0 ? undefined : parse(xml.slice(start + '<answer>'.length, xml.lastIndexOf('</answer>')))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw new Failure('wrong_answer', 'the catalog question was answered by something that is no JSON', {
      cause,
    })
  }
}
