import type { Difference } from '../comparison/diff-catalog.ts'
import { localName, objectName } from './object-name.ts'

type Extra = Pick<Difference, 'kind' | 'part' | 'name' | 'found'>

interface KnownOwner {
  readonly owner: string
  readonly owns: (extra: Extra) => boolean
}

/** Literals may say anything: what a trigger runs is what is called behind them. */
const functionOf = (trigger = ''): string =>
  / EXECUTE FUNCTION (.*)\(/s.exec(trigger.replaceAll(/'(?:[^']|'')*'/g, "''"))?.[1] ?? ''

/** A trigger is owned by the owner of its function: the tool drops and makes both. */
const triggerOf =
  (functions: RegExp) =>
  ({ kind, found }: Extra) =>
    kind === 'trigger' && functions.test(functionOf(found))

/** A table or view as a whole, by its name without its schema. */
const tableNamed =
  (names: RegExp) =>
  ({ kind, part, name }: Extra) =>
    (kind === 'table' || kind === 'view') && name === '' && names.test(localName(part))

const routineNamed =
  (names: RegExp) =>
  ({ kind, part }: Extra) =>
    kind === 'routine' && names.test(part)

const extensionNamed =
  (names: RegExp) =>
  ({ kind, name }: Extra) =>
    kind === 'extension' && names.test(name)

/** A column by its name and its definition: one that an INSERT has to name is never a tool's. */
const columnLike =
  (names: RegExp, definitions: RegExp) =>
  ({ kind, name, found = '' }: Extra) =>
    kind === 'column' && names.test(name) && definitions.test(found)

/** Kinds that change what writes do or who sees which rows: in the schema of a tool, too, they may be somebody else's. */
const changesRows: readonly Extra['kind'][] = ['trigger', 'rule', 'policy', 'row level security']

/** What a tool makes in a schema of its own, by the name with the schema. */
const madeIn =
  (names: RegExp) =>
  (extra: Extra): boolean =>
    !changesRows.includes(extra.kind) && names.test(objectName(extra))

const any =
  (...rules: readonly KnownOwner['owns'][]): KnownOwner['owns'] =>
  (extra) =>
    rules.some((owns) => owns(extra))

/**
 * Tools that are known to add objects to the schemas of an application, each with its source. What they add breaks
 * nothing that the migrations made, and to remove it would break the tool. A rule is as narrow as what the tool writes
 * allows: what is hidden by one is not found. Publications are not compared, and what belongs to an extension is not either,
 * which is all that pg_cron makes (pg_cron.sql of citusdata/pg_cron).
 */
const knownOwners: readonly KnownOwner[] = [
  // https://hasura.io/docs/2.0/event-triggers/overview/ and server/src-rsrc/create_event_trigger.sql of
  // hasura/graphql-engine; before 1.0 the functions were in hdb_views (server/src-rsrc/migrations of 1.0).
  { owner: 'Hasura', owns: triggerOf(/^(hdb_catalog|hdb_views)\."?notify_hasura_/) },
  {
    owner: 'Supabase',
    owns: any(
      // https://supabase.com/docs/guides/database/webhooks
      triggerOf(/^supabase_functions\.http_request$/),
      // https://supabase.com/docs/guides/database/postgres/event-triggers: enables row level security of new tables
      routineNamed(/^public\.rls_auto_enable\(\)$/),
    ),
  },
  // The blocker of inserts into a hypertable's root, and what keeps continuous aggregates: both until 2.22
  // (sql/updates/2.23.0--2.22.1.sql of timescale/timescaledb). The extension is made in the first schema of the path.
  {
    owner: 'TimescaleDB',
    owns: any(
      triggerOf(/^_timescaledb_(functions|internal)\.(insert_blocker|continuous_agg_invalidation_trigger)$/),
      extensionNamed(/^timescaledb$/),
    ),
  },
  // Until 0.12: components/electric/priv/sql_function_templates of electric-sql/electric at ab3e89a53. Since 1.0 it
  // only makes a publication and sets REPLICA IDENTITY FULL (packages/sync-service/lib/electric/postgres/configuration.ex).
  {
    owner: 'Electric',
    owns: triggerOf(
      /^electric\."?((generate_tombstone_entry|create_shadow_row_from_upsert|update_shadow_row_from_delete|reorder_main_op|shadow_insert_to_upsert|resolve_observed_tags|write_correct_max_tag|send_self_and_references|send_self_trigger)___|(upsert|cleanup)_role_)/,
    ),
  },
  // packages/zero-cache/src/services/change-source/pg/schema/{shard,ddl,init}.ts of rocicorp/mono, with the default app ID.
  // Its tables of clients and of changes are in schemas whose name has a slash.
  {
    owner: 'Zero',
    owns: any(
      madeIn(
        /^(zero\.(permissions|"schemaVersions"|set_permissions_hash\(\))|zero_\d+\.(clients|mutations|replicas|"(shardConfig|schemaVersions|versionHistory|publishedSchema)"|(get_trigger_context|notice_ignore|update_schemas|schema_specs|emit_ddl_start|emit_ddl_end)\(.*\)))$/,
      ),
      madeIn(/^"zero_\d+\/(cdc|cvr)"(\.|$)/),
      triggerOf(/^zero\.set_permissions_hash$/),
    ),
  },
  // compute_tools/src/sql/add_availabilitycheck_tables.sql and create_databricks_misc.sql of neondatabase/neon, in the
  // database `postgres`; the extensions: compute_tools/src/spec_apply.rs
  {
    owner: 'Neon',
    owns: any(
      ({ kind, part, name }) => part === 'public.health_check' && name === '' && kind === 'table',
      extensionNamed(/^(pg_stat_statements|pgaudit|pgauditlogtofile)$/),
      routineNamed(/^public\.health_check_write_succeeds\(\)$/),
    ),
  },
  // https://neon.com/docs/neon-auth/how-it-works: all of the schema is its own
  { owner: 'Neon Auth', owns: any(madeIn(/^neon_auth(\.|$)/), triggerOf(/^neon_auth\./)) },
  // cli/src/commands/migrate of xataio/client-ts: what every table of Xata has
  {
    owner: 'Xata',
    owns: any(
      columnLike(/^xata_id$/, / default .*xata_private\.xid\(\)/),
      columnLike(/^xata_version$/, /^integer default 0 not null$/),
      columnLike(/^xata_(createdat|updatedat)$/, /^timestamp with time zone default now\(\) not null$/),
      ({ kind, found = '' }) =>
        kind === 'constraint' && /^(UNIQUE \(xata_id\)|CHECK \(\(length\(xata_id\) < 256\)\))$/.test(found),
      triggerOf(/^xata_private\.maintain_metadata_trigger_pgroll$/),
    ),
  },
  // pkg/backfill/trigger.go and pkg/migrations/op_common.go of xataio/pgroll: while one of its migrations runs
  {
    owner: 'pgroll',
    owns: any(
      columnLike(/^_pgroll_(new_.*|del_.*|needs_backfill)$/, /^(?!.* not null$)/s),
      triggerOf(/\."?_pgroll_trigger_[^.]*$/),
      routineNamed(/\."?_pgroll_trigger_[^.]*\(\)$/),
    ),
  },
  // https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Source.PostgreSQL.html: the event trigger's function too
  {
    owner: 'AWS DMS',
    owns: any(tableNamed(/^awsdms_/), routineNamed(/\.awsdms_intercept_ddl\(\)$/)),
  },
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
