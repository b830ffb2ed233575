import { firstWord, isDataStatement } from '../../compile/replay/split-statements.ts'
import { type Effect, type Relation, relationName } from '../measure/effect.ts'
import type { Step } from '../pending/step.ts'
import type { LiveRelation } from '../production/sizes.ts'
import { type Amount, type GateCode, type Level, milder, type Waits, worst } from './finding.ts'
import { HeldLocks } from './held-locks.ts'
import { type Inserted, insertedBy } from './inserted-rows.ts'
import type { Thresholds, Work } from './thresholds.ts'

/** The work of one statement on one relation, with who waits for it. */
export interface JudgedWork {
  readonly step: Step
  readonly effect: Effect
  readonly work: Work
  /** Of changed rows: they are new ones, and none that is there is touched. */
  readonly adds: boolean
  readonly code: GateCode
  readonly amount: Amount
  /** As if reads waited for it. */
  readonly raw: Level
  readonly level: Level
  readonly waits: readonly Waits[]
}

/** A statement from which on traffic waits. */
export interface Blocking {
  readonly step: Step
  readonly waits: Waits
  /** Of the work that follows in the same transaction. */
  readonly level: Level
  /** The heaviest of that work. */
  readonly until: JudgedWork | undefined
}

export interface JudgeSizes {
  /** By `schema.name`; undefined where production was not asked. */
  readonly sizes: ReadonlyMap<string, LiveRelation> | undefined
  readonly warnAt: Thresholds
  readonly failAt: Thresholds
}

/** All work and all waiting, statement by statement. */
export function judgeWorks(steps: readonly Step[], options: JudgeSizes, remade?: ReadonlySet<string>) {
  const works: JudgedWork[] = []
  const blocking: { step: Step; waits: Waits }[] = []
  const held = new HeldLocks(remade)
  let transaction: number | undefined
  for (const step of steps) {
    if (step.transaction !== transaction) held.release()
    transaction = step.transaction
    for (const waits of held.take(step.effects)) blocking.push({ step, waits })
    for (const effect of step.effects) {
      const work = workOf(step, effect)
      if (work) works.push(judge(step, effect, work, held.waits(), options))
    }
  }
  return { works, blocking: blocking.map((each) => judgeBlocking(each, steps, works)) }
}

/**
 * An UPDATE reads too, and how much depends on a plan that empty tables do not show: its rows say enough. Rows of a table that the
 * same deploy makes say nothing, and what is read to fill it is all that there is.
 */
function workOf({ statement, effects }: Step, effect: Effect): Work | undefined {
  if (effect.rewritten) return 'rewrite'
  if (effect.indexesBuilt > 0) return 'build'
  if (effect.changesRows) return 'rows'
  const fillsNewTable =
    /^(?:insert|with)$/.test(firstWord(statement.text)) && !effects.some(({ changesRows }) => changesRows)
  return effect.scanned && (fillsNewTable || !isDataStatement(statement.text)) ? 'scan' : undefined
}

const codes: Readonly<Record<Work, GateCode>> = {
  rewrite: 'rewrites',
  scan: 'reads_all',
  build: 'builds_index',
  rows: 'changes_rows',
}

function judge(
  step: Step,
  effect: Effect,
  work: Work,
  waits: readonly Waits[],
  { sizes, warnAt, failAt }: JudgeSizes,
): JudgedWork {
  const live = sizes?.get(relationName(effect.relation))
  const inserted = work === 'rows' ? insertedInto(effect.relation, step.statement.text) : undefined
  const added = inserted && rowsAdded(inserted, sizes)
  const amount = inserted ? { ...(added !== undefined && { rows: added }) } : amountOf(live, effect)
  const much = inserted ? added : live && quantity(work, live)
  const raw: Level =
    much === undefined ? 'warn' : much >= failAt[work] ? 'fail' : much >= warnAt[work] ? 'warn' : 'pass'
  const level = levelFor(raw, work, waits)
  return {
    step,
    effect,
    work,
    adds: inserted !== undefined && !inserted.changes,
    code: codes[work],
    amount,
    raw,
    level,
    waits,
  }
}

/** A trigger may change rows of other tables than the one that the statement names. */
function insertedInto(relation: Relation, text: string): Inserted | undefined {
  const inserted = insertedBy(text)
  const isNamed = inserted?.table === relation.name || inserted?.table === relationName(relation)
  return isNamed ? inserted : undefined
}

/** As many as its largest source has, where it reads others. */
function rowsAdded({ rows, sources }: Inserted, sizes: JudgeSizes['sizes']): number | undefined {
  if (rows !== undefined) return rows
  const all = [...(sizes?.values() ?? [])]
  const read = sources.map((name) => all.find((live) => live.name === name || live.name.endsWith(`.${name}`)))
  const counts = read.map((live) => live && quantity('rows', live))
  return counts.some((count) => count === undefined) ? undefined : Math.max(0, ...counts.map(Number))
}

/** Only writes waiting is one step milder; work for which nobody waits stops no deploy. Changed rows stay locked anyhow. */
function levelFor(raw: Level, work: Work, waits: readonly Waits[]): Level {
  if (work === 'rows' || waits.some(({ reads }) => reads)) return raw
  return waits.length > 0 ? milder(raw) : 'pass'
}

function quantity(work: Work, { heapBytes, toastBytes, indexBytes, rows }: LiveRelation): number | undefined {
  if (work === 'rewrite') return heapBytes + toastBytes + indexBytes
  if (work === 'scan') return heapBytes
  // A table without a page has no row, counted or not.
  return heapBytes === 0 ? 0 : rows
}

function amountOf(live: LiveRelation | undefined, { indexesBuilt }: Effect): Amount {
  return {
    ...(live && { heapBytes: live.heapBytes, toastBytes: live.toastBytes, indexBytes: live.indexBytes }),
    ...(live?.rows !== undefined && { rows: live.rows }),
    ...(indexesBuilt > 0 && { indexes: indexesBuilt }),
  }
}

function judgeBlocking(
  { step, waits }: { step: Step; waits: Waits },
  steps: readonly Step[],
  works: readonly JudgedWork[],
): Blocking {
  const from = steps.indexOf(step)
  const later = works.filter(
    (work) => work.step.transaction === step.transaction && steps.indexOf(work.step) >= from,
  )
  const raw = worst(later.map((work) => work.raw))
  const until = later.find((work) => work.raw === raw)
  return { step, waits, until, level: waits.reads ? raw : milder(raw) }
}
