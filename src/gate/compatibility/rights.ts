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
