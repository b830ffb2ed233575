ALTER TYPE "public"."event_status" ADD VALUE 'postponed' BEFORE 'cancelled';--> statement-breakpoint
CREATE TABLE "reviews" (
	"event_id" bigint NOT NULL,
	"person_id" uuid NOT NULL,
	"stars" smallint NOT NULL,
	"body" text,
	"written_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reviews_event_id_person_id_pk" PRIMARY KEY("event_id","person_id"),
	CONSTRAINT "reviews_stars" CHECK ("reviews"."stars" in (1, 2, 3, 4, 5))
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "minimum_age" smallint;--> statement-breakpoint
ALTER TABLE "performances" ADD COLUMN "intermission" interval DEFAULT '20 minutes' NOT NULL;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_event_id_events_id_fk" FOREIGN KEY ("event_id") REFERENCES "public"."events"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reviews" ADD CONSTRAINT "reviews_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_minimum_age" CHECK ("events"."minimum_age" between 0 and 21);