import { firstUserOid } from '../../compile/replay/first-user-oid.ts'
import { isUsersSchema } from '../../compile/replay/users-schema.ts'

const rightsIn = (acl: string, owner: string, column = `''`) => `array(
    select x.privilege_type || ${column} || ' to ' || coalesce(r.rolname, 'PUBLIC')
    from aclexplode(${acl}) x left join pg_roles r on r.oid = x.grantee where x.grantee <> ${owner} order by 1)`

/** Rights on relations and their columns, on routines and schemas. Each object has a row, also without rights. */
export const rightsQuery = `
  select 'relation ' || c.oid as key, n.nspname || '.' || c.relname as name,
    ${rightsIn('c.relacl', 'c.relowner')} || coalesce((
      select array_agg(rights) from pg_attribute a, unnest(${rightsIn('a.attacl', 'c.relowner', `' (' || a.attname || ')'`)}) rights
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attacl is not null), '{}') as rights
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.oid >= ${firstUserOid} and ${isUsersSchema('n.nspname')}
  union all select 'routine ' || p.oid, n.nspname || '.' || p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
    ${rightsIn(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner')}
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace where p.oid >= ${firstUserOid} and ${isUsersSchema('n.nspname')}
  union all select 'schema ' || n.oid, 'schema ' || n.nspname,
    ${rightsIn(`coalesce(n.nspacl, acldefault('n', n.nspowner))`, 'n.nspowner')}
  from pg_namespace n where ${isUsersSchema('n.nspname')}`
