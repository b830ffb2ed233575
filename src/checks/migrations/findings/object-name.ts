import type { Difference } from '../comparison/diff-catalog.ts'

/** Kinds whose names carry their schema, whichever part they are in. */
const named: readonly Difference['kind'][] = ['index', 'sequence', 'statistics']

/** What people call it: `public.orders.total`, quoted as in SQL. */
export function objectName({ part, kind, name }: Pick<Difference, 'part' | 'kind' | 'name'>): string {
  if (kind === 'query') return part.replace(/ query$/, '')
  if (part === '' || named.includes(kind)) return name
  return name === '' ? part : `${part}.${name}`
}

/** The name without its schema. */
export const localName = (name: string): string =>
  /^(?:"(?:[^"]|"")*"|[^".]+)\.(.*)$/s.exec(name)?.[1] ?? name
