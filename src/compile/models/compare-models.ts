import { isRecord } from '../../core/is-record.ts'
import type { Snapshot } from './snapshots.ts'

/**
 * What the models say and the newest snapshot does not, by name (`public.orders.total`). What only the snapshot has is
 * not a finding: models are often a part of what the migrations make.
 */
export function namesAhead(models: Snapshot, snapshot: Snapshot): string[] {
  return [...tablesAhead(models, snapshot), ...othersAhead(models, snapshot)].sort()
}

/** The kinds of drizzle-kit's snapshot beside its tables (version 7, drizzle-kit pgSchema.ts). */
const otherKinds = {
  enums: 'enum',
  schemas: 'schema',
  sequences: 'sequence',
  roles: 'role',
  policies: 'policy',
  views: 'view',
} as const

/** What belongs to a table there, and how an object of it is named. */
const parts = {
  columns: '.',
  indexes: ' index ',
  foreignKeys: ' foreign key ',
  compositePrimaryKeys: ' primary key ',
  uniqueConstraints: ' unique ',
  checkConstraints: ' check ',
  policies: ' policy ',
} as const

function tablesAhead(models: Snapshot, snapshot: Snapshot): string[] {
  const known = recordOf(snapshot['tables'])
  return Object.entries(recordOf(models['tables'])).flatMap(([key, table]) =>
    key in known ? tableAhead(qualified(key), recordOf(table), recordOf(known[key])) : [qualified(key)],
  )
}

function tableAhead(name: string, model: Snapshot, known: Snapshot): string[] {
  const inside = Object.entries(parts).flatMap(([part, separator]) =>
    differing(recordOf(model[part]), recordOf(known[part])).map((object) => `${name}${separator}${object}`),
  )
  const own = (table: Snapshot) =>
    Object.fromEntries(Object.entries(table).filter(([key]) => !(key in parts)))
  return same(own(model), own(known)) ? inside : [name, ...inside]
}

function othersAhead(models: Snapshot, snapshot: Snapshot): string[] {
  return Object.entries(otherKinds).flatMap(([kind, word]) =>
    differing(recordOf(models[kind]), recordOf(snapshot[kind])).map((name) => `${word} ${name}`),
  )
}

function differing(models: Snapshot, known: Snapshot): string[] {
  return Object.keys(models).filter((name) => !(name in known) || !same(models[name], known[name]))
}

/** Tables of no schema have an empty one before the dot in versions before 7. */
function qualified(key: string): string {
  return key.startsWith('.') ? `public${key}` : key
}

/**
 * Deep equality where absent and empty are equal: older versions leave out what newer ones write as empty.
 * Not for a default: `false` and an empty text are values of it.
 */
function same(one: unknown, other: unknown, key?: string): boolean {
  if (one === other) return true
  if (key !== 'default' && isEmpty(one) && isEmpty(other)) return true
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => same(item, other[index]))
  }
  if (!isRecord(one) || !isRecord(other)) return false
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) =>
    same(one[name], other[name], name),
  )
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function recordOf(value: unknown): Snapshot {
  return isRecord(value) ? value : {}
}
