import { sql } from 'drizzle-orm'
import {
  bigint,
  check,
  customType,
  date,
  index,
  integer,
  interval,
  pgEnum,
  pgTable,
  primaryKey,
  serial,
  smallint,
  text,
  time,
  timestamp,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'
import { organizers, people } from './people.ts'
import { halls } from './venues.ts'

export const eventStatus = pgEnum('event_status', ['draft', 'on_sale', 'postponed', 'cancelled', 'over'])

const searchVector = customType<{ data: string }>({ dataType: () => 'tsvector' })

export const events = pgTable(
  'events',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    organizerId: bigint('organizer_id', { mode: 'number' })
      .notNull()
      .references(() => organizers.id, { onDelete: 'restrict' }),
    slug: varchar({ length: 80 }).notNull(),
    title: text().notNull(),
    description: text().notNull().default(''),
    status: eventStatus().notNull().default('draft'),
    minimumAge: smallint('minimum_age'),
    languages: varchar({ length: 12 }).array().notNull().default(sql`'{en}'::varchar[]`),
    search: searchVector().generatedAlwaysAs(
      sql`setweight(to_tsvector('simple', title), 'A') || to_tsvector('simple', description)`,
    ),
    firstDay: date('first_day'),
    lastDay: date('last_day'),
  },
  (table) => [
    uniqueIndex('events_slug_of_organizer').on(table.organizerId, table.slug),
    index('events_search').using('gin', table.search),
    index('events_coming_up')
      .on(table.firstDay.desc().nullsLast(), table.id)
      .where(sql`${table.status} = 'on_sale'`),
    check('events_days_in_order', sql`${table.lastDay} >= ${table.firstDay}`),
    check('events_minimum_age', sql`${table.minimumAge} between 0 and 21`),
  ],
)

/** One evening of an event, in one hall. */
export const performances = pgTable(
  'performances',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    eventId: bigint('event_id', { mode: 'number' })
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    hallId: integer('hall_id')
      .notNull()
      .references(() => halls.id),
    doorsOpen: time('doors_open').notNull().default('19:00'),
    startsAt: timestamp('starts_at', { withTimezone: true, precision: 0 }).notNull(),
    endsAt: timestamp('ends_at', { withTimezone: true, precision: 0 }).notNull(),
    intermission: interval().notNull().default('20 minutes'),
  },
  (table) => [
    index('performances_by_start').on(table.startsAt, table.hallId),
    check('performances_end_after_start', sql`${table.endsAt} > ${table.startsAt}`),
  ],
)

export const tags = pgTable('tags', {
  id: serial().primaryKey(),
  name: varchar({ length: 40 }).notNull().unique(),
})

export const eventTags = pgTable(
  'event_tags',
  {
    eventId: bigint('event_id', { mode: 'number' })
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    tagId: integer('tag_id')
      .notNull()
      .references(() => tags.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ name: 'event_tags_pk', columns: [table.eventId, table.tagId] })],
)

export const reviews = pgTable(
  'reviews',
  {
    eventId: bigint('event_id', { mode: 'number' })
      .notNull()
      .references(() => events.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    stars: smallint().notNull(),
    body: text(),
    writtenAt: timestamp('written_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.eventId, table.personId] }),
    check('reviews_stars', sql`${table.stars} in (1, 2, 3, 4, 5)`),
  ],
)
