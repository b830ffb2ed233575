import { headKinds, type Kind, type Scope } from '../expected-schema.ts'
import { commonTables } from './common-tables.ts'
import { allObjectsText, objectsQuery } from './objects.ts'
import { printing } from './pin-settings.ts'

/**
 * The catalog as SQL relations: its objects with one digest for each, one for each part, and one for everything. Postgres digests its
 * own definitions, so that a database in sync costs a few bytes.
 * @module
 */

/** Cut to 44 bits: one change in 10^13 would keep its digest. More would only cost bytes, in the bundle and on the way. */
const cutDigest = (text: string) => `left(md5(${text}), 11)`

const objectDigest = cutDigest('concat_ws(chr(31), part, kind, name, definition)')

/** `with objects(part, kind, name, definition, digest) as (…)`, of some kinds or of all. */
// Without carriage returns: files that were checked out with other line endings make the same thing.
export const withObjects = (scope: Scope, kinds?: readonly Kind[]): string => `with ${commonTables},
written(part, kind, name, definition) as (${objectsQuery(scope, kinds)}
),
provided as materialized (
  select json_array_elements_text(current_setting('edge_health.provided')::json) as key
),
objects as (
  select *, ${objectDigest} as digest
  from (select part, kind, name, replace(coalesce(definition, ''), E'\\r', '') as definition from written) plain
  where part not in (select key from provided)
    and concat_ws(chr(31), part, kind, name) not in (select key from provided)
)`

/** `, parts(part, kind, digest) as (…)` */
export const partDigests = `,
parts as materialized (
  select part, min(kind) filter (where name = '' and kind in ('${headKinds.join(`', '`)}')) as kind,
    ${cutDigest(`string_agg(digest, '' order by digest collate "C")`)} as digest
  from objects group by part
)`

/** `, overall(digest, digest_without_queries) as (…)`, one row. */
export const overallDigest = `,
overall as (
  select md5(string_agg(digest, '' order by digest collate "C")) as digest,
    md5(string_agg(digest, '' order by digest collate "C") filter (where kind is distinct from 'query')) as digest_without_queries
  from parts
)`

/** `, kinds(kind, digest) as (…)`: a sum, which needs no order. */
export const kindDigests = `,
kinds as (select kind, sum(('x' || digest)::bit(44)::bigint)::text as digest from objects group by kind)`

/** `server_version_num` from which on the text of views is compared: before, columns were printed with their table's name. */
export const stableViewText = 160000

export const viewTextIsStable = `current_setting('server_version_num')::int >= ${stableViewText}`

/** Whether a row of `parts` or `kinds` is compared on this server. */
export const isCompared = `(kind is distinct from 'query' or ${viewTextIsStable})`

/**
 * Raised with every change of `ExpectedSchema`: a file of another shape would have nothing to compare, and nothing to
 * compare looks like nothing that differs.
 */
const fileFormat = 9

/** Differs from that of every other version of the query, whose digests cannot be compared with this one's. */
export const queryVersion = checksum(
  fileFormat +
    allObjectsText +
    objectDigest +
    partDigests +
    kindDigests +
    overallDigest +
    JSON.stringify(printing),
)

/** FNV-1a, 32 bit: short, and good enough to tell texts apart that nobody chose. */
function checksum(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
