import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  inet,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core'

export const memberRole = pgEnum('member_role', ['owner', 'editor', 'box_office'])

/** People who buy tickets or sell them. */
export const people = pgTable(
  'people',
  {
    id: uuid().primaryKey().defaultRandom(),
    email: varchar({ length: 254 }).notNull(),
    fullName: text('full_name').notNull(),
    locale: varchar({ length: 12 }).notNull().default('en'),
    preferences: jsonb().$type<{ newsletter: boolean }>().notNull().default({ newsletter: false }),
    lastSeenFrom: inet('last_seen_from'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    uniqueIndex('people_email_unique').on(sql`lower(${table.email})`),
    check('people_email_has_at', sql`position('@' in ${table.email}) > 1`),
  ],
)

/** A club, a theatre company, a conference: who puts on events. */
export const organizers = pgTable('organizers', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  slug: varchar({ length: 63 }).notNull().unique(),
  name: text().notNull(),
  website: text(),
  verified: boolean().notNull().default(false),
})

/** Who may act for an organizer, and who asked them to. */
export const members = pgTable(
  'members',
  {
    organizerId: bigint('organizer_id', { mode: 'number' })
      .notNull()
      .references(() => organizers.id, { onDelete: 'cascade' }),
    personId: uuid('person_id')
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    role: memberRole().notNull().default('editor'),
    invitedBy: uuid('invited_by').references(() => people.id, { onDelete: 'set null' }),
  },
  (table) => [
    primaryKey({ columns: [table.organizerId, table.personId] }),
    index('members_owners').on(table.organizerId).where(sql`${table.role} = 'owner'`),
  ],
)
