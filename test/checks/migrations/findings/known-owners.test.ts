import { expect, it } from 'vitest'
import type { Difference } from '../../../../src/checks/migrations/comparison/diff-catalog.ts'
import { ownerOf } from '../../../../src/checks/migrations/findings/known-owners.ts'
import { severityOf } from '../../../../src/checks/migrations/findings/severity.ts'

const extra = (kind: Difference['kind'], part: string, more: Partial<Difference> = {}): Difference => ({
  difference: 'extra',
  kind,
  part,
  partKind: kind,
  name: '',
  ...more,
})
const trigger = (executes: string) =>
  extra('trigger', 'public.orders', {
    partKind: 'table',
    name: 'sync',
    found: `CREATE TRIGGER sync AFTER INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION ${executes}`,
  })

const column = (name: string, found: string, part = 'public.orders') =>
  extra('column', part, { partKind: 'table', name, found })

it.each<[owner: string, Difference]>([
  ['Hasura', trigger('hdb_catalog."notify_hasura_new_order_INSERT"()')],
  ['Hasura', trigger('hdb_views."notify_hasura_new_order_INSERT"()')],
  ['Hasura', trigger('hdb_catalog.notify_hasura_orders_insert()')],
  ['Zero', extra('table', 'zero_12.clients')],
  ['Zero', extra('table', '"zero_12/cdc".changes')],
  ['Zero', extra('routine', 'zero_0.get_trigger_context()')],
  ['Zero', extra('routine', 'zero_0.update_schemas(text, text)')],
  ['Zero', trigger('zero.set_permissions_hash()')],
  ['Neon Auth', extra('schema', '', { partKind: null, name: 'neon_auth' })],
  ['Neon Auth', trigger('neon_auth.sync()')],
  ['pgroll', column('_pgroll_del_total', 'integer')],
  ['pgroll', column('_pgroll_new_note', "text default 'may not null'::text")],
  ['AWS DMS', extra('view', 'public.awsdms_status')],
  ['Knex', extra('table', 'shop.knex_migrations')],
  ['Rails', extra('table', 'shop.ar_internal_metadata')],
  ['Rails, dbmate or golang-migrate', extra('table', '"my.shop".schema_migrations')],
  ['Flyway', extra('table', 'public.flyway_schema_history')],
  ['Django', extra('table', 'public.django_migrations')],
  ['Goose', extra('table', 'public.goose_db_version')],
  ['Kysely', extra('table', 'public.kysely_migration')],
  ['Kysely', extra('table', 'public.kysely_migration_lock')],
  ['Drizzle', extra('table', 'public.__drizzle_migrations')],
  ['Supabase', extra('routine', 'public.rls_auto_enable()')],
  ['Supabase', trigger("supabase_functions.http_request('https://example.com', 'POST')")],
  ['TimescaleDB', trigger('_timescaledb_functions.insert_blocker()')],
  ['TimescaleDB', trigger('_timescaledb_internal.insert_blocker()')],
  ['TimescaleDB', trigger("_timescaledb_functions.continuous_agg_invalidation_trigger('1')")],
  ['TimescaleDB', extra('extension', '', { partKind: null, name: 'timescaledb' })],
  ['Electric', trigger('electric.create_shadow_row_from_upsert___public__orders()')],
  ['Electric', trigger('electric."resolve_observed_tags___public__Orders"()')],
  ['Zero', extra('table', 'zero.permissions')],
  ['Zero', extra('table', 'zero_0."shardConfig"')],
  ['Zero', extra('schema', '', { partKind: null, name: '"zero_0/cvr"' })],
  ['Neon', extra('table', 'public.health_check')],
  ['Neon', extra('extension', '', { partKind: null, name: 'pgaudit' })],
  ['Neon Auth', extra('table', 'neon_auth.session')],
  ['Neon Auth', column('role', 'text', 'neon_auth."user"')],
  ['Xata', column('xata_id', "text default ('rec_'::text || (xata_private.xid())::text) not null")],
  ['Xata', column('xata_version', 'integer default 0 not null')],
  ['Xata', column('xata_createdat', 'timestamp with time zone default now() not null')],
  ['Xata', extra('constraint', 'public.orders', { name: 'orders_xata_id_key', found: 'UNIQUE (xata_id)' })],
  ['Xata', trigger('xata_private.maintain_metadata_trigger_pgroll()')],
  ['pgroll', column('_pgroll_new_total', 'integer')],
  ['pgroll', column('_pgroll_needs_backfill', 'boolean default true')],
  ['pgroll', trigger('public._pgroll_trigger_orders_total()')],
  ['pgroll', extra('routine', 'public._pgroll_trigger_orders_total()')],
  ['AWS DMS', extra('routine', 'public.awsdms_intercept_ddl()')],
  ['Neon', extra('routine', 'public.health_check_write_succeeds()')],
  ['Neon', extra('extension', '', { partKind: null, name: 'pg_stat_statements' })],
  ['AWS DMS', extra('table', 'public.awsdms_ddl_audit')],
  ['Prisma', extra('table', 'public._prisma_migrations')],
  ['Knex', extra('table', 'shop.knex_migrations_lock')],
  ['Alembic', extra('table', 'public.alembic_version')],
])('%s is known to have added it, which is information', (owner, difference) => {
  expect(ownerOf(difference)).toBe(owner)
  expect(severityOf(difference)).toBe('info')
})

it.each<[what: string, Difference]>([
  ['a trigger with a function of ours', trigger('public.notify_hasura()')],
  ['a trigger that only says the name of a tool', trigger("public.log('EXECUTE FUNCTION hdb_catalog.x()')")],
  ['a trigger with a function of ours in a schema of that name', trigger('electric.meter_read()')],
  ['a trigger with another function of a tool', trigger('hdb_catalog.of_ours()')],
  [
    'a trigger of ours on the table of a tool',
    extra('trigger', 'neon_auth."user"', {
      partKind: 'table',
      name: 'profile',
      found:
        'CREATE TRIGGER profile AFTER INSERT ON neon_auth."user" FOR EACH ROW EXECUTE FUNCTION public.f()',
    }),
  ],
  [
    'a policy on the table of a tool',
    extra('policy', 'neon_auth."user"', { partKind: 'table', name: 'all' }),
  ],
  ['a table of ours in a schema named zero', extra('table', 'zero.measurements')],
  ['a table of ours in a schema named zero_1', extra('table', 'zero_1.orders')],
  ['a schema whose name only begins so', extra('schema', '', { partKind: null, name: 'neon_authors' })],
  ['an extension of ours', extra('extension', '', { partKind: null, name: 'timescaledb_mine' })],
  ['a column of such a name that an INSERT has to name', column('xata_id', 'text not null')],
  ['a column of such a name with another type', column('xata_version', 'text')],
  ['a required column of pgroll', column('_pgroll_new_total', 'integer not null')],
  ['a column of ours', column('new_total', 'integer')],
  ['a unique constraint of ours', extra('constraint', 'public.orders', { name: 'u', found: 'UNIQUE (id)' })],
  ['a function of ours', extra('routine', 'public.rls_auto_enable(text)')],
  ['a function of that name elsewhere', extra('routine', 'shop.rls_auto_enable()')],
  ['a table whose name only begins so', extra('table', 'public.health_checks')],
  ['a table of that name in another schema', extra('table', 'shop.health_check')],
  [
    'a column of such a table',
    { ...extra('column', 'public._prisma_migrations'), partKind: 'table', name: 'id' },
  ],
  ['an index of that name', extra('index', 'public.alembic_version')],
])('%s has no known owner', (_, difference) => {
  expect(ownerOf(difference)).toBeUndefined()
  expect(severityOf(difference)).not.toBe('info')
})

const tablesOfTools = [
  ...['_prisma_migrations', 'knex_migrations', 'knex_migrations_lock', 'ar_internal_metadata'],
  ...['schema_migrations', 'flyway_schema_history', 'alembic_version', 'django_migrations'],
  ...['goose_db_version', 'kysely_migration', 'kysely_migration_lock', '__drizzle_migrations'],
]
const [mayBeEmpty, now] = ['integer default 0 not null', 'timestamp with time zone default now() not null']
const unique = (found: string) => extra('constraint', 'public.orders', { name: 'c', found })

it.each<Difference>([
  ...tablesOfTools.flatMap((name) => [
    extra('table', `public.my${name}`),
    extra('table', `public.${name}_of_ours`),
  ]),
  extra('table', 'public.my_awsdms_audit'),
  extra('table', 'my_neon_auth.session'),
  extra('table', 'my_zero.permissions'),
  extra('table', 'zero.permissions_of_ours'),
  extra('table', 'ours."zero_0/cvr"'),
  extra('view', 'public.health_check'),
  extra('routine', 'my_public.rls_auto_enable()'),
  extra('routine', 'my_public.health_check_write_succeeds()'),
  extra('extension', '', { partKind: null, name: 'my_timescaledb' }),
  extra('extension', '', { partKind: null, name: 'my_pgaudit' }),
  extra('extension', '', { partKind: null, name: 'pgaudit_of_ours' }),
  extra('schema', '', { partKind: null, name: 'timescaledb' }),
  ...[
    'my_hdb_catalog."notify_hasura_x"()',
    'my_supabase_functions.http_request()',
    'supabase_functions.http_requests()',
    'my_timescaledb_functions.insert_blocker()',
    '_timescaledb_functions.insert_blockers()',
    'my_electric.cleanup_role_x()',
    'my_zero.set_permissions_hash()',
    'zero.set_permissions_hashes()',
    'my_neon_auth.sync()',
    'my_xata_private.maintain_metadata_trigger_pgroll()',
    'xata_private.maintain_metadata_trigger_pgroll_of_ours()',
  ].map(trigger),
  extra('rule', 'neon_auth."user"', { partKind: 'table', name: 'r' }),
  extra('row level security', 'neon_auth."user"', { partKind: 'table', found: 'on' }),
  column('my_xata_id', 'text default xata_private.xid()'),
  column('xata_id_of_ours', 'text default xata_private.xid()'),
  column('my_xata_version', mayBeEmpty),
  column('xata_version_of_ours', mayBeEmpty),
  column('xata_version', `public.my${mayBeEmpty}`),
  column('xata_version', `${mayBeEmpty} compression lz4`),
  column('my_xata_createdat', now),
  column('xata_createdat_of_ours', now),
  column('xata_createdat', `public.my${now}`),
  column('xata_createdat', `${now} compression lz4`),
  column('my_pgroll_new_total', 'integer'),
  column('_pgroll_needs_backfills', 'boolean'),
  unique('UNIQUE (xata_id) DEFERRABLE'),
  unique('my UNIQUE (xata_id)'),
  extra('index', 'public.orders', { name: '_pgroll_new_total', found: 'CREATE INDEX' }),
  extra('index', 'public.orders', { name: 'i', found: 'UNIQUE (xata_id)' }),
  extra('routine', 'public.f()', { found: 'DO EXECUTE FUNCTION neon_auth.sync()' }),
])('what only looks like it is ours: $kind $part $name $found', (difference) => {
  expect(ownerOf(difference)).toBeUndefined()
})

it('what a condition of a trigger says is not its function', () => {
  const found =
    "CREATE TRIGGER t BEFORE UPDATE ON public.orders FOR EACH ROW WHEN ((old.note = ' EXECUTE FUNCTION neon_auth.sync('::text)) EXECUTE FUNCTION public.f()"
  expect(ownerOf(extra('trigger', 'public.orders', { partKind: 'table', name: 't', found }))).toBeUndefined()
})

it('a comment on what a tool made is not known to be of the tool', () => {
  expect(ownerOf(extra('comment', 'public.rls_auto_enable()'))).toBeUndefined()
})

it('what the migrations made is theirs, whatever its name is', () => {
  const table = extra('table', 'public.alembic_version')
  expect(severityOf({ ...table, difference: 'missing', expected: '' })).toBe('fail')
  expect(severityOf({ ...table, difference: 'changed', expected: '', found: 'unlogged' })).toBe('fail')
})
