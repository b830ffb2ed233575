import { sql } from 'drizzle-orm'
import { pgPolicy, pgRole } from 'drizzle-orm/pg-core'
import { checkIns, orders, tickets } from './sales.ts'

/** The scanners at the door. Roles belong to the whole server, so the house rules create them where they are missing. */
export const doorStaff = pgRole('door_staff').existing()

/** The web shop, which says who is buying: `set local shop.person = '…'`. */
export const shop = pgRole('shop').existing()

const buyer = sql`nullif(current_setting('shop.person', true), '')::uuid`

export const buyersSeeTheirOrders = pgPolicy('buyers_see_their_orders', {
  for: 'select',
  to: shop,
  using: sql`buyer_id = ${buyer}`,
}).link(orders)

export const buyersFillTheirCarts = pgPolicy('buyers_fill_their_carts', {
  as: 'restrictive',
  for: 'update',
  to: shop,
  using: sql`status = 'cart'`,
  withCheck: sql`status in ('cart', 'paid')`,
}).link(orders)

export const ticketsOfVisibleOrders = pgPolicy('tickets_of_visible_orders', {
  for: 'select',
  to: [shop, doorStaff],
  using: sql`exists (select 1 from orders where orders.id = tickets.order_id)`,
}).link(tickets)

export const doorStaffScan = pgPolicy('door_staff_scan', {
  for: 'insert',
  to: doorStaff,
  withCheck: sql`scanned_at > now() - interval '5 minutes'`,
}).link(checkIns)
