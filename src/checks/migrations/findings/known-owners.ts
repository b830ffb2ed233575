import type { Difference } from '../comparison/diff-catalog.ts'
import { localName } from './object-name.ts'

type Extra = Pick<Difference, 'kind' | 'part' | 'name' | 'found'>

interface KnownOwner {
  readonly owner: string
  readonly owns: (extra: Extra) => boolean
}

/** A trigger is owned by the schema of its function: the tool drops and makes both. */
const triggerOf =
  (functions: RegExp) =>
  ({ kind, found = '' }: Extra) =>
    kind === 'trigger' && functions.test(found)

/** A table or view as a whole, by its name without its schema. */
const tableNamed =
  (names: RegExp) =>
  ({ kind, part, name }: Extra) =>
    (kind === 'table' || kind === 'view') && name === '' && names.test(localName(part))

/**
 * Tools that are known to add objects to the schemas of an application, each with its source. What they add breaks
 * nothing that the migrations made, and to remove it would break the tool.
 */
const knownOwners: readonly KnownOwner[] = [
  // https://hasura.io/docs/2.0/event-triggers/overview/ and server/src-rsrc/create_event_trigger.sql of hasura/graphql-engine
  { owner: 'Hasura', owns: triggerOf(/EXECUTE FUNCTION hdb_catalog\./) },
  // https://supabase.com/docs/guides/database/webhooks
  { owner: 'Supabase', owns: triggerOf(/EXECUTE FUNCTION supabase_functions\./) },
  // src/hypertable.c of timescale/timescaledb: the blocker of inserts into a hypertable's root
  { owner: 'TimescaleDB', owns: triggerOf(/EXECUTE FUNCTION _timescaledb_(functions|internal)\./) },
  // compute_tools/src/sql/add_availabilitycheck_tables.sql of neondatabase/neon: in the database `postgres`
  {
    owner: 'Neon',
    owns: ({ kind, part, name }) =>
      (part === 'public.health_check' && name === '' && kind === 'table') ||
      (kind === 'extension' && name === 'pg_stat_statements') ||
      (kind === 'routine' && part === 'public.health_check_write_succeeds()'),
  },
  // https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html
  { owner: 'AWS DMS', owns: tableNamed(/^awsdms_/) },
  // Tables in which other tools keep which migrations they applied.
  { owner: 'Prisma', owns: tableNamed(/^_prisma_migrations$/) },
  { owner: 'Knex', owns: tableNamed(/^knex_migrations(_lock)?$/) },
  { owner: 'Rails', owns: tableNamed(/^ar_internal_metadata$/) },
  { owner: 'Rails, dbmate or golang-migrate', owns: tableNamed(/^schema_migrations$/) },
  { owner: 'Flyway', owns: tableNamed(/^flyway_schema_history$/) },
  { owner: 'Alembic', owns: tableNamed(/^alembic_version$/) },
  { owner: 'Django', owns: tableNamed(/^django_migrations$/) },
  { owner: 'Goose', owns: tableNamed(/^goose_db_version$/) },
  { owner: 'Kysely', owns: tableNamed(/^kysely_migration(_lock)?$/) },
  // packages/drizzle-orm: the default table, where another application keeps it in this schema
  { owner: 'Drizzle', owns: tableNamed(/^__drizzle_migrations$/) },
]

/** The tool that is known to have added an object; undefined when none is. */
export function ownerOf(extra: Extra): string | undefined {
  return knownOwners.find(({ owns }) => owns(extra))?.owner
}
