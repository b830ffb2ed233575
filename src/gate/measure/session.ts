import type { Row } from '../../clients/interfaces.ts'
import type { Database } from '../../compile/replay/database.ts'
import { mayForgetPrepared, prepare } from '../prepare.ts'
import { type Result, resultsOf } from '../results.ts'
import { type Effect, type Relation, relationName } from './effect.ts'
import { createMeter, type Meter } from './meter.ts'
import {
  indexesQuery,
  locksQuery,
  relationsQuery,
  toIndexRows,
  toLockRow,
  toLockTexts,
  toRelationRows,
} from './queries.ts'

/** Measures statements of one session, each inside of a transaction that the caller has begun. */
export interface MeasuringSession extends Pick<Meter, 'relations' | 'newestColumn' | 'release'> {
  /**
   * Runs a statement and says what it did.
   * @throws what Postgres says; the transaction is then aborted
   */
  measure(statement: string): Promise<Effect[]>
  /** After statements that ran without being measured. */
  refresh(): Promise<void>
  /** What was there at the beginning under this name, `table` or `schema.table`. */
  find(name: string): Relation | undefined
}

/**
 * Reads what is there now: whatever is made later does not count as existing.
 *
 * @param database one session; `exec` returns the results of all its statements where the driver has them
 */
export async function startMeasuring(database: Database): Promise<MeasuringSession> {
  const readRelations = async () => toRelationRows((await database.query(relationsQuery)).rows)
  const meter = createMeter(await readRelations())
  const prepareQueries = async () => ({
    locks: await prepare(database, 'edge_health_locks', locksQuery),
    indexes: await prepare(database, 'edge_health_indexes(oid[])', indexesQuery),
  })
  const ask = await prepareQueries()
  let lastLocks: ReadonlySet<string> = new Set()

  /** Hundreds of locks are as they were after the statement before, and are not looked at again. */
  function changedLocks(row: Row | undefined) {
    const locks = toLockTexts(row)
    const changed = locks.filter((text) => !lastLocks.has(text))
    lastLocks = new Set(locks)
    return changed.map(toLockRow)
  }

  /** The results of the statement, and after them the result of the query for locks. */
  async function run(statement: string): Promise<readonly Result[]> {
    // One message: each costs the embedded Postgres as much as a small query. The statement may end in a comment.
    if (!mayForgetPrepared(statement)) return resultsOf(await database.exec(`${statement}\n;${ask.locks}`))
    const results = resultsOf(await database.exec(statement))
    await prepareQueries()
    return [...results, ...resultsOf(await database.exec(ask.locks))]
  }

  return {
    relations: meter.relations,
    newestColumn: meter.newestColumn,
    find: (name) =>
      meter.relations.find((relation) => relation.name === name || relationName(relation) === name),
    release() {
      meter.release()
      lastLocks = new Set()
    },
    async refresh() {
      // They may have run DEALLOCATE once more.
      await prepareQueries()
      meter.refresh(await readRelations())
      // The counters may be lower than at the last look, and reach the same number again.
      lastLocks = new Set()
    },
    async measure(statement) {
      const results = await run(statement)
      const rows = changedLocks(results.at(-1)?.rows?.[0])
      const unknown = meter.unknown(rows)
      if (unknown.length > 0) {
        const [answer] = resultsOf(await database.exec(`${ask.indexes}('{${unknown.join(',')}}')`))
        meter.learn(unknown, toIndexRows(answer?.rows?.[0]))
      }
      return meter.observe(rows, { text: statement, command: results.at(-2)?.command ?? '' })
    },
  }
}
