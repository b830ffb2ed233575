import { count, eq, sql, sum } from 'drizzle-orm'
import { bigint, integer, numeric, pgMaterializedView, pgView, text } from 'drizzle-orm/pg-core'
import { events, performances } from './events.ts'
import { orders, tickets, ticketTypes } from './sales.ts'

/** What the shop's front page lists. */
export const onSale = pgView('on_sale')
  .with({ securityInvoker: true })
  .as((query) =>
    query
      .select({ id: events.id, title: events.title, startsAt: performances.startsAt })
      .from(events)
      .innerJoin(performances, eq(performances.eventId, events.id))
      .where(sql`${events.status} = 'on_sale' and ${performances.startsAt} > now()`),
  )

/** Seats left, by kind of ticket. */
export const availability = pgView('availability', {
  ticketTypeId: bigint('ticket_type_id', { mode: 'number' }),
  name: text(),
  remaining: integer(),
}).as(sql`
  with sold as (
    select ticket_type_id, count(*) as tickets from tickets where not voided group by ticket_type_id
  )
  select t.id as ticket_type_id, t.name, (t.quota - coalesce(sold.tickets, 0))::integer as remaining
  from ticket_types t left join sold on sold.ticket_type_id = t.id`)

/** Refreshed every night. */
export const revenue = pgMaterializedView('revenue').as((query) =>
  query
    .select({
      eventId: performances.eventId,
      tickets: count(tickets.id).as('tickets'),
      total: sum(ticketTypes.price).as('total'),
    })
    .from(tickets)
    .innerJoin(ticketTypes, eq(ticketTypes.id, tickets.ticketTypeId))
    .innerJoin(performances, eq(performances.id, tickets.performanceId))
    .innerJoin(orders, eq(orders.id, tickets.orderId))
    .where(eq(orders.status, 'paid'))
    .groupBy(performances.eventId),
)

/** Made by the house rules (drizzle/0001_house_rules.sql), so drizzle-kit leaves it alone. */
export const busyHalls = pgView('busy_halls', { hallId: integer('hall_id'), share: numeric() }).existing()
