CREATE TYPE "public"."order_status" AS ENUM('cart', 'paid', 'refunded', 'expired');--> statement-breakpoint
CREATE SEQUENCE "public"."order_numbers" INCREMENT BY 1 MINVALUE 100000 MAXVALUE 999999 START WITH 100000 CACHE 20 CYCLE;--> statement-breakpoint
CREATE TABLE "check_ins" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "check_ins_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 50),
	"ticket_id" uuid NOT NULL,
	"gate" varchar(20) NOT NULL,
	"scanned_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "discounts" (
	"code" varchar(32) PRIMARY KEY NOT NULL,
	"event_id" bigint,
	"reduction" "percentage" NOT NULL,
	"uses_left" integer DEFAULT 100,
	"stackable" boolean DEFAULT false NOT NULL,
	CONSTRAINT "discounts_upper_case" CHECK ("discounts"."code" = upper("discounts"."code"))
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"number" integer DEFAULT nextval('order_numbers') NOT NULL,
	"buyer_id" uuid,
	"discount_code" varchar(32),
	"status" "order_status" DEFAULT 'cart' NOT NULL,
	"net" numeric(12, 2) DEFAULT '0' NOT NULL,
	"tax" numeric(12, 2) DEFAULT '0' NOT NULL,
	"total" numeric(12, 2) GENERATED ALWAYS AS (net + tax) STORED,
	"answers" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"placed_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ticket_types" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "ticket_types_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"performance_id" bigint NOT NULL,
	"name" text NOT NULL,
	"price" numeric(10, 2) NOT NULL,
	"currency" char(3) DEFAULT 'EUR' NOT NULL,
	"tax_rate" "percentage" DEFAULT '19' NOT NULL,
	"quota" integer NOT NULL,
	"on_sale_from" timestamp with time zone,
	"on_sale_until" timestamp with time zone,
	CONSTRAINT "ticket_types_performance_id_name_unique" UNIQUE("performance_id","name"),
	CONSTRAINT "ticket_types_price" CHECK ("ticket_types"."price" >= 0 and "ticket_types"."quota" > 0)
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"order_id" uuid NOT NULL,
	"ticket_type_id" bigint NOT NULL,
	"performance_id" bigint NOT NULL,
	"seat_id" integer,
	"holder" text,
	"voided" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "waitlist" (
	"performance_id" bigint NOT NULL,
	"person_id" uuid NOT NULL,
	"wanted" integer DEFAULT 1 NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"expires" timestamp with time zone DEFAULT (now() + interval '7 days') NOT NULL,
	CONSTRAINT "waitlist_once" UNIQUE("performance_id","person_id")
);
--> statement-breakpoint
ALTER TABLE "check_ins" ADD CONSTRAINT "check_ins_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discounts" ADD CONSTRAINT "discounts_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_buyer_id_people_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."people"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_discount" FOREIGN KEY ("discount_code") REFERENCES "public"."discounts"("code") ON DELETE set null ON UPDATE cascade;--> statement-breakpoint
ALTER TABLE "ticket_types" ADD CONSTRAINT "ticket_types_performance_id_performances_id_fk" FOREIGN KEY ("performance_id") REFERENCES "public"."performances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_ticket_type_id_ticket_types_id_fk" FOREIGN KEY ("ticket_type_id") REFERENCES "public"."ticket_types"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_performance_id_performances_id_fk" FOREIGN KEY ("performance_id") REFERENCES "public"."performances"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_seat_id_seats_id_fk" FOREIGN KEY ("seat_id") REFERENCES "public"."seats"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waitlist" ADD CONSTRAINT "waitlist_performance_id_performances_id_fk" FOREIGN KEY ("performance_id") REFERENCES "public"."performances"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "waitlist" ADD CONSTRAINT "waitlist_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "check_ins_by_time" ON "check_ins" USING brin ("scanned_at");--> statement-breakpoint
CREATE INDEX "orders_of_buyer" ON "orders" USING btree ("buyer_id","placed_at" DESC NULLS LAST) WITH (fillfactor=80);--> statement-breakpoint
CREATE INDEX "orders_open_carts" ON "orders" USING btree ("placed_at") WHERE "orders"."status" = 'cart';--> statement-breakpoint
CREATE INDEX "orders_answers" ON "orders" USING gin ("answers" jsonb_path_ops);--> statement-breakpoint
CREATE UNIQUE INDEX "tickets_one_per_seat" ON "tickets" USING btree ("performance_id","seat_id") WHERE not "tickets"."voided";--> statement-breakpoint
CREATE INDEX "tickets_of_order" ON "tickets" USING hash ("order_id");