import type { Row, Statement } from '../../clients/postgres.ts'
import { parseAnswer } from './answer.ts'
import { partDigests, viewTextIsStable, withObjects } from './digest.ts'
import type { ExpectedSchema, Kind, Scope } from './expected.ts'

/**
 * The second question, asked when the overall digest is not an accepted one: Postgres is told the accepted digests of
 * all parts and answers only what differs, because reading the digests of a thousand tables costs a Worker more CPU
 * time than all the rest.
 * @module
 */

/** An object of the live catalog. */
export interface LiveObject {
  readonly kind: Kind
  readonly name: string
  readonly definition: string
}

/** What differs from the expected parts; what is in line is not in it. */
export interface Differing {
  /** Names of expected parts that are not there. */
  readonly missing: readonly string[]
  /** Parts that are not expected, with the kind of what they are named after. */
  readonly extra: readonly { readonly part: string; readonly kind: Kind }[]
  /** Parts whose digest is not accepted, with all their objects. */
  readonly changed: readonly { readonly part: string; readonly objects: readonly LiveObject[] }[]
  /** Names of changed parts that did not fit. */
  readonly leftOut: readonly string[]
}

/** What belongs to no table has no kind, and is always told by its objects. */
const compareParts = `,
accepted as (select key as part, value as digests from json_each_text($1::json)),
differing as materialized (
  select part, p.kind, case when part = '' or p.part is not null and a.part is not null then 'changed'
    when p.part is null then 'missing' else 'extra' end as difference
  from parts p full join accepted a using (part)
  where (p.digest is null or a.digests is null or position(p.digest in a.digests) = 0)
    and (p.kind is distinct from 'query' or ${viewTextIsStable})
)`

/**
 * Small parts come first, so that one large one never hides the others. Counted are the bytes on the way: SQL over HTTP
 * puts this JSON as a text into JSON of its own.
 */
const objectsOfChanged = `,
chosen as (
  select part, coalesce(json_agg(json_build_array(kind, name, definition) order by kind collate "C", name collate "C")
    filter (where kind is not null), '[]') as rows
  from (select part from differing where difference = 'changed') changed left join objects using (part) group by part
),
sized as materialized (select part, rows, octet_length(to_json(rows::text)::text) as bytes from chosen),
fitting as (
  select *, sum(bytes) over (order by bytes, part collate "C") <= $2::bigint as fits from sized
)
select json_build_object(
  'missing', (select coalesce(json_agg(part order by part collate "C"), '[]') from differing where difference = 'missing'),
  'extra', (select coalesce(json_agg(json_build_array(part, kind) order by part collate "C"), '[]') from differing
    where difference = 'extra' and kind <> 'query'),
  'changed', (select coalesce(json_agg(json_build_array(part, rows) order by part collate "C"), '[]') from fitting where fits),
  'left_out', (select coalesce(json_agg(part order by part collate "C"), '[]') from fitting where not fits))::text as answer`

/** @param maxBytes of objects in the answer, as they travel: changed parts that do not fit are only named */
export function askDiffering(expected: Scope & Pick<ExpectedSchema, 'parts'>, maxBytes: number): Statement {
  const accepted: Record<string, string> = {}
  for (const part in expected.parts) accepted[part] = expected.parts[part]?.digests.join(' ') ?? ''
  return {
    text: withObjects(expected) + partDigests + compareParts + objectsOfChanged,
    values: [JSON.stringify(accepted), maxBytes],
  }
}

/** @throws {Failure} `wrong_answer` */
export function readDiffering(row: Row | undefined): Differing {
  const answer = parseAnswer(String(row?.['answer'])) as {
    missing: string[]
    extra: [string, Kind][]
    changed: [string, [Kind, string, string][]][]
    left_out: string[]
  }
  return {
    missing: answer.missing,
    extra: answer.extra.map(([part, kind]) => ({ part, kind })),
    changed: answer.changed.map(([part, objects]) => ({
      part,
      objects: objects.map(([kind, name, definition]) => ({ kind, name, definition })),
    })),
    leftOut: answer.left_out,
  }
}
