CREATE VIEW "public"."availability" AS (
  with sold as (
    select ticket_type_id, count(*) as tickets from tickets where not voided group by ticket_type_id
  )
  select t.id as ticket_type_id, t.name, (t.quota - coalesce(sold.tickets, 0))::integer as remaining
  from ticket_types t left join sold on sold.ticket_type_id = t.id);--> statement-breakpoint
CREATE VIEW "public"."on_sale" WITH (security_invoker = true) AS (select "events"."id", "events"."title", "performances"."starts_at" from "events" inner join "performances" on "performances"."event_id" = "events"."id" where "events"."status" = 'on_sale' and "performances"."starts_at" > now());--> statement-breakpoint
CREATE MATERIALIZED VIEW "public"."revenue" AS (select "performances"."event_id", count("tickets"."id") as "tickets", sum("ticket_types"."price") as "total" from "tickets" inner join "ticket_types" on "ticket_types"."id" = "tickets"."ticket_type_id" inner join "performances" on "performances"."id" = "tickets"."performance_id" inner join "orders" on "orders"."id" = "tickets"."order_id" where "orders"."status" = 'paid' group by "performances"."event_id");