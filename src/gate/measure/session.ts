import type { Database } from '../../compile/replay/database.ts'
import { mayForgetPrepared, prepare } from '../prepare.ts'
import { type Effect, type Relation, relationName } from './effect.ts'
import { createMeter, type Meter } from './meter.ts'
import { locksQuery, relationsQuery, toLockRows, toRelationRows } from './queries.ts'

/** Measures statements of one session, each inside of a transaction that the caller has begun. */
export interface MeasuringSession extends Pick<Meter, 'release'> {
  /**
   * Runs a statement and says what it did.
   * @throws what Postgres says; the transaction is then aborted
   */
  measure(statement: string): Promise<Effect[]>
  /** After statements that ran without being measured. */
  refresh(): Promise<void>
  /** What was there at the beginning under this name, `table` or `schema.table`. */
  find(name: string): Relation | undefined
  /** All that was there. */
  readonly relations: readonly Relation[]
}

/**
 * Reads what is there now: whatever is made later does not count as existing.
 *
 * @param database one session; the last result of `exec` tells the command's tag where the driver has it
 */
export async function startMeasuring(database: Database): Promise<MeasuringSession> {
  const readRelations = async () => toRelationRows((await database.query(relationsQuery)).rows)
  const meter = createMeter(await readRelations())
  const prepareLocks = () => prepare(database, 'edge_health_locks', locksQuery)
  const askLocks = await prepareLocks()
  return {
    relations: meter.relations,
    find: (name) =>
      meter.relations.find((relation) => relation.name === name || relationName(relation) === name),
    release: () => meter.release(),
    refresh: async () => meter.refresh(await readRelations()),
    async measure(statement) {
      const command = commandOf(await database.exec(statement))
      if (mayForgetPrepared(statement)) await prepareLocks()
      const { rows } = await database.query(askLocks)
      return meter.observe(toLockRows(rows), { text: statement, command })
    },
  }
}

/** PGlite answers a list of results. */
function commandOf(answer: unknown): string {
  const last: unknown = Array.isArray(answer) ? answer.at(-1) : answer
  return typeof last === 'object' && last !== null && 'command' in last ? String(last.command) : ''
}
