/** An SQL expression: the rights that an access control list gives to roles other than the owner; none without a list. */
export const rightsIn = (
  acl: string,
  owner: string,
  column = `''`,
): string => `case when ${acl} is not null then to_json(array(
    select x.privilege_type || ${column} || ' to ' || coalesce(r.rolname, 'PUBLIC')
    from aclexplode(${acl}) x left join pg_roles r on r.oid = x.grantee where x.grantee <> ${owner} order by 1)) end`
