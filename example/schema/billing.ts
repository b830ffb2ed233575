import { sql } from 'drizzle-orm'
import {
  bigint,
  char,
  check,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgSchema,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'
import { organizers } from './people.ts'
import { orders } from './sales.ts'

/** Kept apart from the shop: other people may read it. */
export const billing = pgSchema('billing')

export const paymentMethod = billing.enum('payment_method', ['card', 'transfer', 'box office cash'])

export const invoiceNumbers = billing.sequence('invoice_numbers', { startWith: 1, increment: 1, cache: 1 })

export const payments = billing.table(
  'payments',
  {
    id: uuid().primaryKey().defaultRandom(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'restrict' }),
    method: paymentMethod().notNull(),
    amount: numeric({ precision: 12, scale: 2 }).notNull(),
    providerReference: text('provider_reference').unique('payments_reference', { nulls: 'not distinct' }),
    receipt: jsonb(),
    paidAt: timestamp('paid_at', { withTimezone: true }),
  },
  (table) => [
    index('payments_unpaid').on(table.orderId).where(sql`${table.paidAt} is null`),
    check('payments_amount', sql`${table.amount} > 0`),
  ],
)

/** An order is paid once and may be refunded in parts. */
export const refunds = billing.table(
  'refunds',
  {
    paymentId: uuid('payment_id')
      .notNull()
      .references(() => payments.id, { onDelete: 'cascade' }),
    part: integer().notNull(),
    amount: numeric({ precision: 12, scale: 2 }).notNull(),
    reason: text().notNull().default('asked for by the buyer'),
  },
  (table) => [primaryKey({ name: 'refunds_pk', columns: [table.paymentId, table.part] })],
)

export const invoices = billing.table('invoices', {
  number: bigint({ mode: 'number' }).primaryKey().default(sql`nextval('billing.invoice_numbers')`),
  organizerId: bigint('organizer_id', { mode: 'number' })
    .notNull()
    .references(() => organizers.id),
  month: date().notNull(),
  fee: numeric({ precision: 12, scale: 2 }).notNull(),
  currency: char({ length: 3 }).notNull().default('EUR'),
  year: integer().generatedAlwaysAs(sql`extract(year from "month")::integer`),
})
