import type { Row, Statement } from '../../../clients/postgres.ts'
import { CheckError } from '../../../core/check.ts'
import {
  type ExpectedPart,
  type Kind,
  kindOf,
  readObject,
  type SchemaObject,
  type Scope,
} from '../expected-schema.ts'
import type { DifferingParts } from './differing-parts.ts'
import { isCompared, partDigests, withObjects } from './digest.ts'
import { parseJson } from './parse-answer.ts'

/**
 * The second query, asked when the overall digest is not an accepted one. The digests of the live parts tell which
 * parts differ; Postgres gets the accepted digests of the objects in those, and answers the objects that have
 * another. Whatever the size of the schema, only what differs travels, because a Worker has 10 ms of CPU time to read it.
 * @module
 */

/** A part that is there, and differs. */
export interface ChangedPart {
  readonly part: ExpectedPart
  /** Its expected objects that are not there, or not so. */
  readonly expected: readonly SchemaObject[]
  /** Its live objects that are not expected so. */
  readonly live: readonly SchemaObject[]
}

/** What differs from the expected parts, by their names; what is in sync is not in it. */
export interface Differing {
  readonly missing: readonly ExpectedPart[]
  readonly changed: readonly ChangedPart[]
  /** Parts that are not expected, with the kind of what they are named after. */
  readonly extra: readonly { readonly part: string; readonly kind: Kind }[]
  /** Changed parts whose objects did not fit. */
  readonly leftOut: readonly ExpectedPart[]
  /** How many extra parts did not fit. */
  readonly moreExtra: number
}

/** `position` is the part's place among those that were asked for, and null when it was not: then it is not expected. */
const asked = `,
asked as (
  select ordinality - 1 as position, value ->> 0 as part, string_to_array(value ->> 1, ' ') as words,
    string_to_array(translate(value ->> 1, '/', ' '), ' ') as digests
  from json_array_elements($1::json) with ordinality
)`

const differingByDigest = `${partDigests},
differing as materialized (
  select part, kind, position, words, digests from parts left join asked using (part)
  where parts.digest = any (string_to_array($3, ' ')) and ${isCompared}
)`

const differingByName = `,
differing as materialized (select part, null as kind, position, words, digests from asked)`

const changedAndExtra = `,
changed as (
  select part, position, words, array_agg(digest) as live_digests,
    coalesce(json_agg(json_build_array(o.kind, name, definition) order by o.kind collate "C", name collate "C")
      filter (where o.kind is not null and digest <> all (digests)), '[]') as live
  from differing left join objects o using (part) where position is not null group by part, position, words
),
listed as (
  select 'changed' as difference, part, position, json_build_array(position, live,
    (select coalesce(json_agg(word), '[]') from unnest(words) word
      where not string_to_array(word, '/') && live_digests)) as row from changed
  union all
  select 'extra', part, null, json_build_array(part, kind) from differing where position is null and kind <> 'query'
)`

/**
 * What is changed comes before what is extra, and small parts come first, so that one large one never hides the others.
 * Counted are the bytes on the way: SQL over HTTP puts this JSON as a text into JSON of its own.
 */
const whatFits = `,
sized as materialized (select *, octet_length(to_json(row::text)::text) as bytes from listed),
fitting as (
  select *, sum(bytes) over (order by difference, bytes, part collate "C") <= $2::bigint as fits from sized
)
select json_build_object(
  'changed', coalesce(json_agg(row order by part collate "C") filter (where difference = 'changed' and fits), '[]'),
  'left_out', coalesce(json_agg(position order by part collate "C") filter (where difference = 'changed' and not fits), '[]'),
  'extra', coalesce(json_agg(row order by part collate "C") filter (where difference = 'extra' and fits), '[]'),
  'more_extra', count(*) filter (where difference = 'extra' and not fits))::text as answer
from fitting`

/** @param maxBytes of objects and names in the answer, as they travel */
export function differingQuery(
  scope: Scope,
  { expected, live, kinds }: DifferingParts,
  maxBytes: number,
): Statement {
  const parts = JSON.stringify(expected.map((part) => [part.part, acceptedDigests(part, kinds)]))
  const differing = asked + (kinds ? differingByName : differingByDigest)
  return {
    text: withObjects(scope, kinds) + differing + changedAndExtra + whatFits,
    values: kinds ? [parts, maxBytes] : [parts, maxBytes, live.join(' ')],
  }
}

/** The words of the objects of these kinds, or of all. */
function acceptedDigests(
  { objectDigests, objects }: ExpectedPart,
  kinds: readonly Kind[] | undefined,
): string {
  if (!kinds) return objectDigests
  const words = objectDigests.split(' ')
  return objects.flatMap((object, at) => (kinds.includes(kindOf(object)) ? (words[at] ?? []) : [])).join(' ')
}

/** The object whose digests these are. */
function objectOf({ objectDigests, objects }: ExpectedPart, word: string): SchemaObject {
  return readObject(entryOf(objects, objectDigests.split(' ').indexOf(word)))
}

/** @throws {CheckError} `wrong_answer` */
export function readDiffering(row: Row | undefined, { expected }: DifferingParts): Differing {
  const answer = parseJson(String(row?.['answer'])) as {
    changed: [number, [Kind, string, string][], string[]][]
    left_out: number[]
    extra: [string, Kind][]
    more_extra: number
  }
  const at = (position: number) => entryOf(expected, position)
  const changed = answer.changed.map(([position, live, gone]): ChangedPart => {
    const part = at(position)
    return {
      part,
      expected: gone.map((word) => objectOf(part, word)),
      live: live.map(([kind, name, definition]) => ({ kind, name, definition })),
    }
  })
  const leftOut = answer.left_out.map(at)
  const there = new Set([...changed.map(({ part }) => part), ...leftOut])
  return {
    missing: expected.filter((part) => !there.has(part)),
    changed,
    extra: answer.extra.map(([part, kind]) => ({ part, kind })),
    leftOut,
    moreExtra: answer.more_extra,
  }
}

function entryOf<Entry>(list: readonly Entry[], position: number): Entry {
  const entry = list[position]
  if (entry === undefined)
    throw new CheckError('wrong_answer', 'the catalog query was answered by a part that was not asked for')
  return entry
}
