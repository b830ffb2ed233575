import type { Scope } from '../../checks/migrations/expected-schema.ts'
import { pinSettings } from '../../checks/migrations/queries/pin-settings.ts'
import { readState, type State, stateQuery } from '../../checks/migrations/queries/state.ts'
import type { OpenPostgres, Row } from '../../clients/interfaces.ts'
import { PostgresError } from '../../clients/postgres-fault.ts'
import type { LedgerTable } from '../../compile/replay/ledger.ts'
import { type ProductionSettings, readSettings, settingsQuery } from './settings.ts'
import { type LiveRelation, readSizes, type SizesFrom, sizesQuery } from './sizes.ts'

type Client = ReturnType<OpenPostgres<'readOnlyBatch'>>

/** How long one query may work and wait for a lock, in ms: a deploy can wait, and production must not. */
const limits = { statementMs: 10_000, lockMs: 500 }

/**
 * Postgres takes every part of the query for one row, and compares each relation with each other one: ten times slower for a
 * thousand relations.
 */
const withoutNestedLoops = { text: "select set_config('enable_nestloop', 'off', true)" }

const nothing: Scope = { schemas: [], partitions: false, extensions: [], optionalKinds: [] }

interface ProductionState {
  readonly settings: ProductionSettings
  readonly ledger: State['ledger']
}

/** Which migrations production has, and the settings with which the next ones would run. @throws {CheckError} */
export async function askState(client: Client, ledger: LedgerTable): Promise<ProductionState> {
  const scope = { ...nothing, ledger }
  const [settings = [], , [row] = []] = await client.readOnlyBatch([
    settingsQuery(ledger),
    pinSettings(scope, limits, { digests: [] }),
    stateQuery(scope, { ledger, withCatalog: false }),
  ])
  return { settings: readSettings(settings), ledger: readState(row).ledger }
}

interface AskedSizes {
  readonly relations: readonly LiveRelation[]
  readonly from: SizesFrom
}

/** Sizes and activity of exactly these relations. @throws {CheckError} */
export async function askSizes(
  client: Client,
  names: readonly { schema: string; name: string }[],
): Promise<AskedSizes> {
  if (names.length === 0) return { relations: [], from: 'files' }
  const ask = async (from: SizesFrom): Promise<AskedSizes> => {
    const [, , rows = []]: Row[][] = await client.readOnlyBatch([
      pinSettings(nothing, limits),
      withoutNestedLoops,
      sizesQuery(names, from),
    ])
    return { relations: readSizes(rows), from }
  }
  try {
    return await ask('files')
  } catch (error) {
    // 55P03 lock_not_available: somebody holds ACCESS EXCLUSIVE, as a running migration does.
    if (!(error instanceof PostgresError) || error.sqlstate !== '55P03') throw error
    return ask('estimates')
  }
}
