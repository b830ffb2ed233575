import type { Postgres, Row } from '../../../clients/postgres.ts'
import { PostgresError } from '../../../clients/postgres.ts'
import type { ExpectedPart, ExpectedSchema } from '../expected-schema.ts'
import { type FindingOptions, type Findings, toFindings } from '../findings/finding.ts'
import { objectName } from '../findings/object-name.ts'
import { differingQuery, readDiffering } from '../queries/differing.ts'
import { type LiveDigests, whatDiffers } from '../queries/differing-parts.ts'
import { stableViewText } from '../queries/digest.ts'
import { pinSettings, type TimeLimits } from '../queries/pin-settings.ts'
import { fingerprintStatement, readState, type State, stateQuery } from '../queries/state.ts'
import { type Difference, diffCatalog } from './diff-catalog.ts'
import { createIsIgnored } from './ignored.ts'
import { markMadeForRows } from './made-for-rows.ts'
import { markUncertain } from './mark-uncertain.ts'
import { createIsNotComparable } from './not-comparable.ts'
import { markRequiredByDomain } from './required-by-domain.ts'

/** What was found out about the catalog of one database. */
interface ComparedCatalog {
  readonly state: 'compared'
  readonly findings: Findings
  /** All that differs, of which the findings show the worst; absent when nothing does. */
  readonly differences?: readonly Difference[]
  /** What could not be known at the compile, as if it differed: a fix of something else may need it. [none] */
  readonly notComparable?: readonly Difference[]
  /** Tables that differ, in what is not known: the answer would have been too large. */
  readonly unread: readonly string[]
  /** How many harmless additions have no finding, for the same reason. */
  readonly moreExtra: number
  /** Names of what differs and is ignored on request. */
  readonly ignored: readonly string[]
  /** Whether the text of views was compared: servers before 16 print it differently. */
  readonly viewText: boolean
}

export type CatalogVerdict = ComparedCatalog | ({ readonly state: 'not_compared' } & Interrupted)

type Client = Pick<Postgres, 'readOnlyBatch'>

/** Why a query has no answer, when neither the database nor the way to it is at fault. */
export type Interruption = 'locked' | 'racing' | 'slow' | 'denied'

interface Interrupted {
  readonly reason: Interruption
  /** What Postgres said, where it was Postgres that refused: the reason is what that means most often. */
  readonly said?: { readonly sqlstate: string; readonly message: string }
}

/** A verdict and the fingerprint of the catalog that it is about. */
export interface Known {
  readonly fingerprint: string
  readonly verdict: CatalogVerdict
}

interface Comparison {
  /** Absent when not even the ledger could be read. */
  readonly ledger?: State['ledger']
  readonly catalog: CatalogVerdict
  /** What may be kept for the next run: absent when the catalog was not compared. */
  readonly known?: Known
}

/**
 * Bytes of what differs that are asked for, at most: a Worker has 10 ms of CPU time to read them. With the ledger and the
 * digests of a thousand tables, all answers together stay below 64 KiB (bench/drift.ts).
 */
const maxToldBytes = 40 * 1024

/** How long each batch may take; it is asked anew before each one. */
export type Limits = () => TimeLimits

/**
 * Compares the database with the expected schema: one batch when it is in sync, two when it is not, and one more when
 * something is in the way. A race with a running change is tried once more; what the ledger says is true without
 * the catalog, so that is asked alone then.
 *
 * @throws {CheckError} when the database cannot be asked
 */
export async function compare(
  client: Client,
  expected: ExpectedSchema,
  limits: Limits,
  known: Known | undefined,
  options?: FindingOptions,
): Promise<Comparison> {
  const first = await interruptible(() => compareOnce(client, expected, limits, known, options))
  const result =
    isInterrupted(first) && first.reason === 'racing'
      ? await interruptible(() => compareOnce(client, expected, limits, known, options))
      : first
  if (!isInterrupted(result)) return result
  const catalog = { state: 'not_compared', ...result } as const
  const ledger = await interruptible(() => readLedgerAlone(client, expected, limits))
  if (!isInterrupted(ledger)) return { catalog, ledger: ledger.rows }
  // Settings need no right at all: where they are denied, it is the database that may not be used, and this throws.
  if (ledger.reason === 'denied') await client.readOnlyBatch([pinSettings(expected, limits())])
  return { catalog }
}

async function compareOnce(
  client: Client,
  expected: ExpectedSchema,
  limits: Limits,
  known: Known | undefined,
  options?: FindingOptions,
): Promise<Comparison | Interrupted> {
  const [, [row] = []] = await client.readOnlyBatch([
    pinSettings(expected, limits(), { digests: expected.digests }),
    stateQuery(expected, { ledger: expected.ledger, known: known?.fingerprint }),
  ])
  const { fingerprint, version, ledger, catalog } = readState(row)
  if (!catalog && known) return { ledger, catalog: known.verdict, known }
  if (!catalog) return racing
  const viewText = version >= stableViewText
  const inSync: ComparedCatalog = {
    state: 'compared',
    findings: toFindings([]),
    unread: [],
    moreExtra: 0,
    ignored: [],
    viewText,
  }
  const verdict =
    catalog === 'in sync'
      ? inSync
      : await askWhatDiffers(client, expected, limits, {
          fingerprint,
          viewText,
          digests: catalog,
          options,
        })
  return isInterrupted(verdict) ? verdict : { ledger, catalog: verdict, known: { fingerprint, verdict } }
}

/** The fingerprint afterwards tells whether it was still the catalog that was found to differ. */
async function askWhatDiffers(
  client: Client,
  expected: ExpectedSchema,
  limits: Limits,
  live: { fingerprint: string; viewText: boolean; digests: LiveDigests; options: FindingOptions | undefined },
): Promise<ComparedCatalog | Interrupted> {
  const parts = whatDiffers(expected, live.digests, live.viewText)
  const [, [differingRow] = [], [fingerprintRow] = []]: Row[][] = await client.readOnlyBatch([
    pinSettings(expected, limits()),
    differingQuery(expected, parts, maxToldBytes),
    fingerprintStatement(expected),
  ])
  if (fingerprintRow?.['fingerprint'] !== live.fingerprint) return racing
  const differing = readDiffering(differingRow, parts)
  const isIgnored = createIsIgnored(expected)
  const found = markMadeForRows(diffCatalog(differing), expected)
  const all = markRequiredByDomain(found, expected.parts)
  const notComparable = new Set(all.filter(createIsNotComparable(expected)))
  const ignored = new Set(all.filter(isIgnored))
  const differences = markUncertain(
    all.filter((difference) => !ignored.has(difference) && !notComparable.has(difference)),
    [...notComparable, ...ignored],
    [...(expected.notComparable ?? []), ...(expected.acceptedUnknown ?? [])],
  )
  const unreadOf = ({ part, kind }: ExpectedPart): Difference => ({
    difference: 'changed',
    kind: kind ?? 'table',
    part,
    partKind: kind,
    name: '',
  })
  return {
    state: 'compared',
    findings: toFindings(differences, expected.parts, { ...live.options, notComparable: [...notComparable] }),
    differences,
    ...(notComparable.size > 0 && { notComparable: [...notComparable] }),
    ignored: [...ignored].map(objectName),
    unread: differing.leftOut.filter((part) => !isIgnored(unreadOf(part))).map(({ part }) => part),
    moreExtra: differing.moreExtra,
    viewText: live.viewText,
  }
}

async function readLedgerAlone(client: Client, expected: ExpectedSchema, limits: Limits) {
  const [, [row] = []] = await client.readOnlyBatch([
    pinSettings(expected, limits(), { digests: [] }),
    stateQuery(expected, { ledger: expected.ledger, withCatalog: false }),
  ])
  return { rows: readState(row).ledger }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const interruptions: Readonly<Record<string, Interruption>> = {
  '55P03': 'locked',
  '57014': 'slow',
  '42501': 'denied',
  // What was read in the snapshot is gone when its definition is asked for: "could not open relation with OID",
  // "cache lookup failed", undefined schema, function, table or type.
  XX000: 'racing',
  '3F000': 'racing',
  '42883': 'racing',
  '42P01': 'racing',
  '42704': 'racing',
}

const racing: Interrupted = { reason: 'racing' }

const isInterrupted = (result: object): result is Interrupted => 'reason' in result

async function interruptible<T>(ask: () => Promise<T>): Promise<T | Interrupted> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof PostgresError) || error.sqlstate === undefined) throw error
    const reason = interruptions[error.sqlstate]
    if (reason === undefined) throw error
    return { reason, said: { sqlstate: error.sqlstate, message: error.message } }
  }
}
