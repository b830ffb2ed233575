import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  char,
  check,
  customType,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgSequence,
  pgTable,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { events, performances } from './events.ts'
import { people } from './people.ts'
import { seats } from './venues.ts'

export const orderStatus = pgEnum('order_status', ['cart', 'paid', 'refunded', 'expired'])

/** What people read to each other over the phone; starts again when it has run out. */
export const orderNumbers = pgSequence('order_numbers', {
  startWith: 100_000,
  minValue: 100_000,
  maxValue: 999_999,
  cycle: true,
  cache: 20,
})

/** The domain `percentage` of the house rules (drizzle/0001_house_rules.sql). */
const percentage = customType<{ data: string }>({ dataType: () => 'percentage' })

export const ticketTypes = pgTable(
  'ticket_types',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    performanceId: bigint('performance_id', { mode: 'number' })
      .notNull()
      .references(() => performances.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    price: numeric({ precision: 10, scale: 2 }).notNull(),
    currency: char({ length: 3 }).notNull().default('EUR'),
    taxRate: percentage('tax_rate').notNull().default('19'),
    quota: integer().notNull(),
    onSaleFrom: timestamp('on_sale_from', { withTimezone: true }),
    onSaleUntil: timestamp('on_sale_until', { withTimezone: true }),
  },
  (table) => [
    unique().on(table.performanceId, table.name),
    check('ticket_types_price', sql`${table.price} >= 0 and ${table.quota} > 0`),
  ],
)

export const discounts = pgTable(
  'discounts',
  {
    code: varchar({ length: 32 }).primaryKey(),
    eventId: bigint('event_id', { mode: 'number' }).references(() => events.id, { onDelete: 'cascade' }),
    reduction: percentage().notNull(),
    usesLeft: integer('uses_left').default(100),
    stackable: boolean().notNull().default(false),
  },
  (table) => [check('discounts_upper_case', sql`${table.code} = upper(${table.code})`)],
)

export const orders = pgTable(
  'orders',
  {
    id: uuid().primaryKey().defaultRandom(),
    number: integer().notNull().default(sql`nextval('order_numbers')`),
    buyerId: uuid('buyer_id').references(() => people.id, { onDelete: 'set null' }),
    discountCode: varchar('discount_code', { length: 32 }),
    status: orderStatus().notNull().default('cart'),
    net: numeric({ precision: 12, scale: 2 }).notNull().default('0'),
    tax: numeric({ precision: 12, scale: 2 }).notNull().default('0'),
    total: numeric({ precision: 12, scale: 2 }).generatedAlwaysAs(sql`net + tax`),
    answers: jsonb().notNull().default({}),
    placedAt: timestamp('placed_at', { withTimezone: true, precision: 3 }).notNull().defaultNow(),
  },
  (table) => [
    foreignKey({
      name: 'orders_discount',
      columns: [table.discountCode],
      foreignColumns: [discounts.code],
    })
      .onDelete('set null')
      .onUpdate('cascade'),
    index('orders_of_buyer').on(table.buyerId, table.placedAt.desc()).with({ fillfactor: 80 }),
    index('orders_open_carts').on(table.placedAt).where(sql`${table.status} = 'cart'`),
    index('orders_answers').using('gin', table.answers.op('jsonb_path_ops')),
  ],
)

export const tickets = pgTable(
  'tickets',
  {
    id: uuid().primaryKey().defaultRandom(),
    orderId: uuid('order_id')
      .notNull()
      .references(() => orders.id, { onDelete: 'cascade' }),
    ticketTypeId: bigint('ticket_type_id', { mode: 'number' })
      .notNull()
      .references(() => ticketTypes.id, { onDelete: 'restrict' }),
    performanceId: bigint('performance_id', { mode: 'number' })
      .notNull()
      .references(() => performances.id),
    seatId: integer('seat_id').references(() => seats.id),
    holder: text(),
    voided: boolean().notNull().default(false),
  },
  (table) => [
    uniqueIndex('tickets_one_per_seat').on(table.performanceId, table.seatId).where(sql`not ${table.voided}`),
    index('tickets_of_order').using('hash', table.orderId),
  ],
)

/** Scanned at the door; a ticket may leave and come back. */
export const checkIns = pgTable(
  'check_ins',
  {
    id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity({ cache: 50 }),
    ticketId: uuid('ticket_id')
      .notNull()
      .references(() => tickets.id, { onDelete: 'cascade' }),
    gate: varchar({ length: 20 }).notNull(),
    scannedAt: timestamp('scanned_at', { withTimezone: true }).notNull().default(sql`clock_timestamp()`),
  },
  (table) => [index('check_ins_by_time').using('brin', table.scannedAt)],
)

export const waitlist = pgTable(
  'waitlist',
  {
    performanceId: bigint('performance_id', { mode: 'number' })
      .notNull()
      .references(() => performances.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    wanted: integer().notNull().default(1),
    since: timestamp({ withTimezone: true }).notNull().defaultNow(),
    expires: timestamp({ withTimezone: true }).notNull().default(sql`(now() + interval '7 days')`),
  },
  (table) => [unique('waitlist_once').on(table.performanceId, table.personId)],
)
