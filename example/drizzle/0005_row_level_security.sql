ALTER TABLE "check_ins" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "orders" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "tickets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "door_staff_scan" ON "check_ins" AS PERMISSIVE FOR INSERT TO "door_staff" WITH CHECK (scanned_at > now() - interval '5 minutes');--> statement-breakpoint
CREATE POLICY "buyers_fill_their_carts" ON "orders" AS RESTRICTIVE FOR UPDATE TO "shop" USING (status = 'cart') WITH CHECK (status in ('cart', 'paid'));--> statement-breakpoint
CREATE POLICY "buyers_see_their_orders" ON "orders" AS PERMISSIVE FOR SELECT TO "shop" USING (buyer_id = nullif(current_setting('shop.person', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "tickets_of_visible_orders" ON "tickets" AS PERMISSIVE FOR SELECT TO "door_staff", "shop" USING (exists (select 1 from orders where orders.id = tickets.order_id));