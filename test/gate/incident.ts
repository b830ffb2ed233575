import { type Files, parts } from './project.ts'

/**
 * The outage of 17 September 2026 in small: an enum column of a huge table becomes text, and in the same transaction a
 * table is dropped whose foreign keys lock the tables that everybody reads.
 */
export const before: Files = {
  '0000_start': parts(
    `CREATE TYPE "integration_provider" AS ENUM('linear', 'github', 'slack')`,
    `CREATE SCHEMA "auth"`,
    `CREATE SCHEMA "ingest"`,
    `CREATE TABLE "auth"."users" ("id" serial PRIMARY KEY, "name" text NOT NULL)`,
    `CREATE TABLE "auth"."organizations" ("id" serial PRIMARY KEY, "name" text NOT NULL)`,
    `CREATE TABLE "integration_connections" ("id" serial PRIMARY KEY, "token" text)`,
    `CREATE TABLE "plugin_connections" ("id" serial PRIMARY KEY,
      "user_id" integer REFERENCES "auth"."users"("id"), "organization_id" integer REFERENCES "auth"."organizations"("id"),
      "connection_id" integer REFERENCES "integration_connections"("id"))`,
    `CREATE TABLE "ingest"."webhook_events" ("id" bigserial PRIMARY KEY, "provider" "integration_provider" NOT NULL, "payload" text)`,
    `CREATE INDEX "webhook_events_provider" ON "ingest"."webhook_events" ("provider")`,
  ),
}

export const oauth = parts(
  `CREATE TABLE "plugin_oauth_clients" ("id" serial PRIMARY KEY, "secret" text)`,
  `DROP TABLE "plugin_connections"`,
  `ALTER TABLE "ingest"."webhook_events" ALTER COLUMN "provider" SET DATA TYPE text`,
)

/** What is locked and read by everybody, and what is rewritten. */
export const waiting = [
  'auth.users',
  'auth.organizations',
  'public.integration_connections',
  'ingest.webhook_events',
]

/** What the gate advises in its place: the new column, and nothing that works on the table. */
export const advised = parts(
  `CREATE TABLE "plugin_oauth_clients" ("id" serial PRIMARY KEY, "secret" text)`,
  `ALTER TABLE "ingest"."webhook_events" ADD COLUMN "provider_new" text`,
)
