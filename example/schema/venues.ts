import { sql } from 'drizzle-orm'
import {
  char,
  check,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  point,
  smallint,
  text,
  unique,
  varchar,
} from 'drizzle-orm/pg-core'

export const seatKind = pgEnum('seat_kind', ['stalls', 'balcony', 'box', 'wheelchair'])

export const venues = pgTable(
  'venues',
  {
    id: integer().primaryKey().generatedByDefaultAsIdentity({ startWith: 1000 }),
    name: text().notNull(),
    country: char({ length: 2 }).notNull(),
    city: text().notNull(),
    street: text(),
    location: point({ mode: 'xy' }),
    timeZone: varchar('time_zone', { length: 40 }).notNull().default('Europe/Berlin'),
  },
  (table) => [
    unique('venues_name_in_city').on(table.name, table.city, table.street).nullsNotDistinct(),
    check('venues_country_is_iso', sql`${table.country} ~ '^[A-Z]{2}$'`),
  ],
)

/** A room with seats, or a part of one: a balcony belongs to its hall. */
export const halls = pgTable(
  'halls',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    venueId: integer('venue_id')
      .notNull()
      .references(() => venues.id, { onDelete: 'restrict', onUpdate: 'cascade' }),
    partOf: integer('part_of'),
    name: text().notNull(),
    standing: integer().notNull().default(0),
  },
  (table) => [
    foreignKey({ name: 'halls_part_of', columns: [table.partOf], foreignColumns: [table.id] }).onDelete(
      'cascade',
    ),
    index('halls_of_venue').on(table.venueId),
    check('halls_standing_not_negative', sql`${table.standing} >= 0`),
  ],
)

export const seats = pgTable(
  'seats',
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    hallId: integer('hall_id')
      .notNull()
      .references(() => halls.id, { onDelete: 'cascade' }),
    row: varchar({ length: 4 }).notNull(),
    number: smallint().notNull(),
    kind: seatKind().notNull().default('stalls'),
    label: text().generatedAlwaysAs(sql`"row" || '-' || "number"::text`),
  },
  (table) => [unique('seats_place').on(table.hallId, table.row, table.number)],
)
