CREATE SCHEMA "billing";
--> statement-breakpoint
CREATE TYPE "billing"."payment_method" AS ENUM('card', 'transfer', 'box office cash');--> statement-breakpoint
CREATE SEQUENCE "billing"."invoice_numbers" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1;--> statement-breakpoint
CREATE TABLE "billing"."invoices" (
	"number" bigint PRIMARY KEY DEFAULT nextval('billing.invoice_numbers') NOT NULL,
	"organizer_id" bigint NOT NULL,
	"month" date NOT NULL,
	"fee" numeric(12, 2) NOT NULL,
	"currency" char(3) DEFAULT 'EUR' NOT NULL,
	"year" integer GENERATED ALWAYS AS (extract(year from "month")::integer) STORED
);
--> statement-breakpoint
CREATE TABLE "billing"."payments" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"order_id" uuid NOT NULL,
	"method" "billing"."payment_method" NOT NULL,
	"amount" numeric(12, 2) NOT NULL,
	"provider_reference" text,
	"receipt" jsonb,
	"paid_at" timestamp with time zone,
	CONSTRAINT "payments_reference" UNIQUE NULLS NOT DISTINCT("provider_reference"),
	CONSTRAINT "payments_amount" CHECK ("billing"."payments"."amount" > 0)
);
--> statement-breakpoint
CREATE TABLE "billing"."refunds" (
	"payment_id" uuid NOT NULL,
	"part" integer NOT NULL,
	"amount" numeric(12, 2) NOT NULL,
	"reason" text DEFAULT 'asked for by the buyer' NOT NULL,
	CONSTRAINT "refunds_pk" PRIMARY KEY("payment_id","part")
);
--> statement-breakpoint
ALTER TABLE "billing"."invoices" ADD CONSTRAINT "invoices_organizer_id_organizers_id_fk" FOREIGN KEY ("organizer_id") REFERENCES "public"."organizers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."payments" ADD CONSTRAINT "payments_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE restrict ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing"."refunds" ADD CONSTRAINT "refunds_payment_id_payments_id_fk" FOREIGN KEY ("payment_id") REFERENCES "billing"."payments"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "payments_unpaid" ON "billing"."payments" USING btree ("order_id") WHERE "billing"."payments"."paid_at" is null;