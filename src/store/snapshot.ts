import { timingSafeEqual } from 'hono/utils/buffer'
import { byteLength } from '../core/byte-length.ts'
import type { Result, Status } from '../core/check.ts'
import { type Guard, type Guarded, isList, isNumber, isText, isTuple, orNull } from '../core/guards.ts'
import { isRecord } from '../core/is-record.ts'
import { toOutcome } from '../core/outcome.ts'
import { sign } from './signature.ts'

/** The largest snapshot that is written or believed, in bytes. */
export const maxSnapshotBytes = 4096

/** What a snapshot has to fit, so that it is not taken for one of another place. */
export interface SnapshotSeal {
  /** The Redis key. One that was copied from another key is not believed. */
  readonly key: string
  /** Signs it; without one a snapshot is not signed. */
  readonly token: string | undefined
  /** A digest of what is asked and where. Results of another configuration are not those of this one. */
  readonly configuration: string
}

/** What isolates share about the history, in epoch ms. */
export interface Moments {
  /** When it was written last. */
  readonly historyAt: number
  /** When a status or a code changed last. */
  readonly changedAt: number
}

type ReadSnapshot =
  | { readonly kind: 'results'; readonly results: readonly Result[]; readonly moments: Moments }
  /** There is none, or it is one of another version or another configuration. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'forged'; readonly reason: string }

/** A snapshot of another version is absent. */
const version = '1'
const signedText = ({ key }: SnapshotSeal, payload: string) =>
  `edge-health snapshot ${version}\n${key}\n${payload}`

/**
 * `<version>.<signature>.<JSON>` Where not all of it fits, details are left out, the longest first, and then results.
 * Results that a deadline cut short prove nothing to others, so they are never in it.
 */
export async function encodeSnapshot(
  results: Iterable<Result>,
  seal: SnapshotSeal,
  moments: Moments = { historyAt: 0, changedAt: 0 },
): Promise<string> {
  const kept = [...results].filter(({ isCutShort }) => !isCutShort).map(toRow)
  const encode = () => JSON.stringify([seal.configuration, kept, moments.historyAt, moments.changedAt])
  const overheadBytes = byteLength(`${version}.${'x'.repeat(43)}.`)
  while (kept.length > 0 && byteLength(encode()) + overheadBytes > maxSnapshotBytes) {
    const lengths = kept.map(([, , , , , , , , details]) => byteLength(JSON.stringify(details)))
    const longest = Math.max(...lengths)
    const row = kept[lengths.indexOf(longest)]
    if (longest > byteLength(JSON.stringify(omitted)) && row) row[8] = omitted
    else kept.pop()
  }
  const payload = encode()
  const signature = seal.token === undefined ? '' : await sign(seal.token, signedText(seal, payload))
  return `${version}.${signature}.${payload}`
}

/** Never throws: what cannot be read is not believed. */
export async function decodeSnapshot(text: string, seal: SnapshotSeal): Promise<ReadSnapshot> {
  if (text === '') return { kind: 'absent' }
  if (byteLength(text) > maxSnapshotBytes)
    return { kind: 'forged', reason: `more than ${maxSnapshotBytes} bytes` }
  const [, written, signature = '', payload = ''] = /^(\d{1,4})\.([\w-]{0,43})\.(.*)$/s.exec(text) ?? []
  if (written === undefined) return { kind: 'forged', reason: 'not a snapshot' }
  if (written !== version) return { kind: 'absent' }
  if (seal.token !== undefined) {
    const expected = await sign(seal.token, signedText(seal, payload))
    if (!(await timingSafeEqual(expected, signature)))
      return { kind: 'forged', reason: 'its signature is wrong' }
  }
  try {
    const parsed: unknown = JSON.parse(payload)
    if (!isPayload(parsed)) throw new TypeError('not of the expected form')
    const [configuration, rows, historyAt, changedAt] = parsed
    if (configuration !== seal.configuration) return { kind: 'absent' }
    return { kind: 'results', results: rows.map(toResult), moments: { historyAt, changedAt } }
  } catch {
    return { kind: 'forged', reason: 'not of the expected form' }
  }
}

const omitted = { omitted: 'too long to be shared between isolates; ask with ?fresh' }

const isName: Guard<string> = (value): value is string =>
  isText(value) && /^[a-z][a-z0-9_-]{0,99}$/.test(value)
const isStatus: Guard<Status> = (value): value is Status =>
  value === 'pass' || value === 'warn' || value === 'fail'
const isRow = isTuple(
  isName,
  isStatus,
  isText,
  isText,
  isNumber,
  isNumber,
  isNumber,
  orNull(isText),
  orNull(isRecord),
)
const isPayload = isTuple(isText, isList(isRow), isNumber, isNumber)
type Row = Guarded<typeof isRow>

const toRow = (result: Result): Row => [
  result.checker,
  result.status,
  result.code,
  result.output,
  result.timestamp,
  result.expires,
  Math.round(result.responseTime * 1000) / 1000,
  result.causedBy ?? null,
  result.details ?? null,
]

function toResult([
  checker,
  status,
  code,
  output,
  timestamp,
  expires,
  responseTime,
  causedBy,
  details,
]: Row): Result {
  return {
    ...toOutcome(checker, { status, code, output, ...(details === null ? {} : { details }) }),
    checker,
    timestamp,
    expires,
    responseTime,
    ...(causedBy === null ? {} : { causedBy }),
  }
}
