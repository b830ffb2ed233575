/** Rights on one object that others than its owner have, as `SELECT to app_user`. */
export interface Rights {
  /** Also after a rename; an object that was dropped and made again has another one. */
  readonly key: string
  /** `public.orders`, `schema shop`. */
  readonly object: string
  readonly rights: readonly string[]
}

/** Rights that are gone although their object is there, also by name alone: what is made again has none of its old ones. */
export function revokedRights(
  before: readonly Rights[],
  after: readonly Rights[],
): { readonly object: string; readonly right: string }[] {
  return before.flatMap(({ key, object, rights }) => {
    const now = after.find((each) => each.object === object) ?? after.find((each) => each.key === key)
    if (!now) return []
    return rights.filter((right) => !now.rights.includes(right)).map((right) => ({ object, right }))
  })
}

/** An expression: the rights that an access control list gives to others than its owner, none where there is no list. */
export const rightsIn = (
  acl: string,
  owner: string,
  column = `''`,
): string => `case when ${acl} is not null then to_json(array(
    select x.privilege_type || ${column} || ' to ' || coalesce(r.rolname, 'PUBLIC')
    from aclexplode(${acl}) x left join pg_roles r on r.oid = x.grantee where x.grantee <> ${owner} order by 1)) end`
