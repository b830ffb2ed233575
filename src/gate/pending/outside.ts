import { withoutConcurrently } from '../../compile/replay/apply-file.ts'
import { tokensOf, type Word, wordsWithPlaces } from '../../compile/replay/split-statements.ts'
import { type Effect, noEffect, type Relation, relationName } from '../measure/effect.ts'
import type { LockMode } from '../measure/lock-mode.ts'

/**
 * A statement that runs outside of every transaction leaves no lock to look at afterwards. So it is measured in another
 * form, whose work is the same, and its locks are those that were sampled on Postgres 17 while it ran.
 */
export interface OutsideForm {
  /** What is run in its place; empty: nothing, the effects are known without. */
  readonly sql: string
  /** @param effects of `sql` */
  readonly correct: (effects: readonly Effect[]) => readonly Effect[]
  /** Why its work is not known. */
  readonly notMeasured?: string
}

/** @param relations what was there at the beginning */
export function outsideForm(text: string, relations: readonly Relation[]): OutsideForm {
  const words = tokensOf(text).map((token) => token.toLowerCase())
  if (words[0] === 'vacuum') return { sql: '', correct: () => vacuum(wordsWithPlaces(text), relations) }
  if (isOfManyTables(words))
    return {
      sql: '',
      correct: () => [],
      notMeasured: 'it works on one table after the other, each in a transaction of its own',
    }
  if (words.includes('concurrently')) {
    // REINDEX has it among its options too, none of which changes what is read and built.
    const sql = withoutConcurrently(text)
      .replace(/\breindex\s*\([^()]*\)/i, 'reindex')
      .replace(/\bconcurrently\b/i, '')
    return { sql, correct: (effects) => effects.map(lockedWeakly) }
  }
  // ALTER SYSTEM, CREATE DATABASE, DROP DATABASE, CREATE TABLESPACE: nothing of this database.
  return { sql: '', correct: () => [] }
}

/** CLUSTER and REINDEX are refused in a transaction only where they name a schema, a partitioned table, or nothing. */
const isOfManyTables = (words: readonly string[]) =>
  words[0] === 'cluster' ||
  (words[0] === 'reindex' &&
    (!words.includes('concurrently') || words.some((word) => /^(?:schema|database|system)$/.test(word))))

/** CREATE INDEX, DROP INDEX, REINDEX and DETACH with CONCURRENTLY let reads and writes go on. */
function lockedWeakly(effect: Effect): Effect {
  const weak: readonly LockMode[] = effect.locks.length > 0 ? ['ShareUpdateExclusiveLock'] : []
  return { ...effect, locks: weak, locksIndex: false }
}

/** Words of VACUUM before the names of its tables, in the form without parentheses. */
const vacuumOptions = new Set(['full', 'freeze', 'verbose', 'analyze', 'analyse'])

function vacuum([, ...words]: readonly Word[], relations: readonly Relation[]): Effect[] {
  const inParentheses = words[0]?.keyword === '(' ? words.slice(1, words.findIndex(isClosing)) : []
  const outer = words.filter(({ keyword, depth }) => depth === 0 && !/^[();*]$/.test(keyword))
  const start = outer.findIndex(({ keyword }) => !vacuumOptions.has(keyword))
  const named = start < 0 ? [] : outer.slice(start)
  const options = [...inParentheses, ...outer.slice(0, outer.length - named.length)]
  const isFull = options.some(
    ({ keyword }, at) => keyword === 'full' && !/^(?:false|off|0)$/.test(options[at + 1]?.keyword ?? ''),
  )
  return vacuumed(named, relations).map((relation) => ({
    ...noEffect(relation),
    locks: [isFull ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock'],
    rewritten: isFull,
    scanned: true,
  }))
}

const isClosing = ({ keyword }: Word) => keyword === ')'

/** Those that are named, with the partitions of each; without a name all. One of the same deploy is none of them. */
function vacuumed(words: readonly Word[], relations: readonly Relation[]): Relation[] {
  const holding = relations.filter(({ kind }) => kind === 'table' || kind === 'materialized view')
  if (words.length === 0) return holding
  const texts = words.map(({ keyword, name = keyword }) => (keyword === 'only' ? '' : name))
  const names = new Set(texts.join('').split(','))
  const isNamed = (relation: Relation): boolean => {
    const { partitionOf } = relation
    const whole = partitionOf && relations.find((each) => relationName(each) === relationName(partitionOf))
    return names.has(relation.name) || names.has(relationName(relation)) || (!!whole && isNamed(whole))
  }
  return holding.filter(isNamed)
}
