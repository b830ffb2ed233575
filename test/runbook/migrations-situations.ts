import pg from 'pg'
import type { TestStack } from '../support/stack.ts'
import type { Make, Situation } from './situation.ts'

const table = 'drizzle.__drizzle_migrations'
const drift = `alter table ticket_types alter column currency set default 'USD'`
const repair = `alter table ticket_types alter column currency set default 'EUR'`

const sql =
  (change: string, back: string): Make =>
  async ({ postgres }) => {
    await postgres.query(change)
    return () => postgres.query(back)
  }

/** Takes the nth row from the table of applied migrations; the last is -1. */
const withoutRow =
  (index: number, change = 'select', back = 'select'): Make =>
  async ({ postgres }) => {
    const rows = await postgres.query(`select * from ${table} order by created_at`)
    const { hash, created_at: time } = rows.at(index) as Record<string, unknown>
    await postgres.query(`delete from ${table} where created_at = ${time}; ${change}`)
    return () =>
      postgres.query(`insert into ${table} (hash, created_at) values ('${hash}', ${time}); ${back}`)
  }

/** A row of no file. */
const withRow = (time: string): Make =>
  sql(
    `insert into ${table} (hash, created_at) select 'of-no-file', ${time} from ${table}`,
    `delete from ${table} where hash = 'of-no-file'`,
  )

async function lock({ postgres }: TestStack) {
  const session = new pg.Client(postgres.url())
  await session.connect()
  await session.query('begin; lock table orders in access exclusive mode')
  return () => session.end()
}

/** One change in a database that the example's migrations made. */
export const migrationsSituations: readonly Situation[] = (
  [
    { code: 'pending', make: withoutRow(-1) },
    {
      code: 'edited',
      expected: (schema) => ({
        ...schema,
        migrations: schema.migrations.map((migration, index) =>
          index === 2 ? { ...migration, hash: '0123456789abcdef', otherLineEndings: [] } : migration,
        ),
      }),
      make: sql(drift, repair),
    },
    { code: 'out_of_order', make: withoutRow(2, drift, repair) },
    { code: 'unknown_migration', make: withRow('min(created_at) + 1') },
    {
      code: 'models_ahead',
      expected: (schema) => ({ ...schema, models: { state: 'ahead', names: ['billing.refunds.note'] } }),
    },
    { code: 'drift', make: sql(drift, repair) },
    { code: 'database_ahead', make: withRow('max(created_at) + 86400000') },
    {
      code: 'no_ledger',
      make: sql('alter schema drizzle rename to elsewhere', 'alter schema elsewhere rename to drizzle'),
    },
    { code: 'not_compared', make: lock },
    {
      code: 'extra',
      make: sql('create index orders_by_status on orders (status)', 'drop index orders_by_status'),
    },
    {
      code: 'line_endings',
      expected: (schema) => ({
        ...schema,
        migrations: schema.migrations.map((migration, index) =>
          index === 2
            ? { ...migration, hash: '0123456789abcdef', otherLineEndings: [migration.hash] }
            : migration,
        ),
      }),
    },
  ] satisfies Omit<Situation, 'checker'>[]
).map((situation) => ({ ...situation, checker: 'migrations' }))
