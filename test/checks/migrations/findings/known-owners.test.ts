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

it('what the migrations made is theirs, whatever its name is', () => {
  const table = extra('table', 'public.alembic_version')
  expect(severityOf({ ...table, difference: 'missing', expected: '' })).toBe('fail')
  expect(severityOf({ ...table, difference: 'changed', expected: '', found: 'unlogged' })).toBe('fail')
})
