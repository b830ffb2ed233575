-- What models cannot say, so it is written by hand: drizzle-kit generate --custom

-- Roles belong to the whole server, where another database may have made them.
DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY['shop', 'door_staff'] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
    END IF;
  END LOOP;
END
$$;
--> statement-breakpoint
CREATE DOMAIN "percentage" AS numeric(5, 2)
  CONSTRAINT "percentage_range" CHECK (VALUE >= 0 AND VALUE <= 100);
--> statement-breakpoint
-- A hall has one performance at a time.
CREATE EXTENSION IF NOT EXISTS "btree_gist";
--> statement-breakpoint
ALTER TABLE "performances" ADD CONSTRAINT "performances_one_per_hall"
  EXCLUDE USING gist ("hall_id" WITH =, tstzrange("starts_at", "ends_at") WITH &&);
--> statement-breakpoint
-- An event begins with its first performance and ends with its last.
CREATE FUNCTION "event_days_follow_performances"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE events SET
    first_day = (SELECT min(starts_at)::date FROM performances WHERE event_id = events.id),
    last_day = (SELECT max(ends_at)::date FROM performances WHERE event_id = events.id)
  WHERE id = coalesce(NEW.event_id, OLD.event_id);
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE TRIGGER "performances_set_event_days"
  AFTER INSERT OR DELETE OR UPDATE OF "starts_at", "ends_at" ON "performances"
  FOR EACH ROW EXECUTE FUNCTION "event_days_follow_performances"();
--> statement-breakpoint
CREATE FUNCTION "is_capital"("city" text) RETURNS boolean LANGUAGE sql IMMUTABLE
  RETURN "city" IN ('Berlin', 'Paris', 'Wien');
--> statement-breakpoint
-- City and country say the same twice: the planner should know.
CREATE STATISTICS "venues_city_country" (dependencies) ON "city", "country" FROM "venues";
--> statement-breakpoint
CREATE VIEW "busy_halls" AS
  SELECT "hall_id", round(count(*) / 30.0, 2) AS "share"
  FROM "performances"
  WHERE "starts_at" BETWEEN now() - interval '30 days' AND now()
  GROUP BY "hall_id";
--> statement-breakpoint
COMMENT ON TABLE "performances" IS 'One evening of an event, in one hall.';
