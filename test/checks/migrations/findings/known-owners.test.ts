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

it.each<[owner: string, Difference]>([
  ['Hasura', trigger('hdb_catalog."notify_hasura_new_order_INSERT"()')],
  ['Supabase', trigger("supabase_functions.http_request('https://example.com', 'POST')")],
  ['TimescaleDB', trigger('_timescaledb_functions.insert_blocker()')],
  ['TimescaleDB', trigger('_timescaledb_internal.insert_blocker()')],
  ['Neon', extra('table', 'public.health_check')],
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
