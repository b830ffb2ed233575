import type { Difference } from '../comparison/diff-catalog.ts'
import type { Kind } from '../expected-schema.ts'
import { ownerOf } from './known-owners.ts'

/** `fail` wakes somebody, `warn` shows, `info` is in the details only. */
export type Severity = 'fail' | 'warn' | 'info'

type SeverityRule = Severity | ((difference: Difference) => Severity)

/**
 * What is missing or changed breaks statements that were written for it. What is extra is harmless (`warn`) unless
 * it changes what writes do or who sees which rows: then the application breaks without any change of its own.
 */
const broken = { missing: 'fail', changed: 'fail' } as const
const harmless = { ...broken, extra: 'warn' } as const
const dangerous = { ...broken, extra: 'fail' } as const
const information = { missing: 'info', changed: 'info', extra: 'info' } as const

/** The policy: kind × difference → severity. */
export const severities: Readonly<Record<Kind, Readonly<Record<Difference['difference'], SeverityRule>>>> = {
  schema: harmless,
  extension: harmless,
  enum: harmless,
  domain: harmless,
  'range type': harmless,
  'composite type': harmless,
  collation: harmless,
  routine: harmless,
  sequence: harmless,
  table: {
    missing: 'fail',
    changed: (difference) => (onlyMoreReplicated(difference) ? 'info' : 'fail'),
    // The migrations make it themselves where a row asks for it.
    extra: ({ madeForRows }) => (madeForRows === 'named so' ? 'info' : 'warn'),
  },
  view: harmless,
  'materialized view': harmless,
  'foreign table': harmless,
  query: harmless,
  statistics: harmless,
  'storage parameters': harmless,
  column: { ...broken, extra: (difference) => (isOptionalColumn(difference) ? 'warn' : 'fail') },
  index: { ...broken, extra: ({ found }) => (found?.startsWith('CREATE UNIQUE') ? 'fail' : 'warn') },
  constraint: dangerous,
  'disabled foreign key': dangerous,
  policy: dangerous,
  'row level security': dangerous,
  rule: dangerous,
  trigger: dangerous,
  access: information,
  'column order': information,
  comment: information,
  grant: information,
  owner: information,
  'statistics target': information,
}

export function severityOf(difference: Difference): Severity {
  if (difference.difference === 'extra' && ownerOf(difference)) return 'info'
  const rule = severities[difference.kind][difference.difference]
  return typeof rule === 'string' ? rule : rule(difference)
}

/**
 * A tool that replicates the table sets FULL or an index, which no statement of the application notices. NOTHING breaks
 * UPDATE and DELETE of a published table (https://www.postgresql.org/docs/current/logical-replication-publication.html).
 */
function onlyMoreReplicated({ expected = '', found = '' }: Difference): boolean {
  const more = / ?replica identity (full|index)$/
  if (!more.test(found)) return false
  return found.replace(more, '') === expected.replace(/ ?replica identity (full|index|nothing)$/, '')
}

/** Whether rows are inserted into it. */
export const isTable = (kind: Difference['partKind']): boolean => kind === 'table' || kind === 'foreign table'

/** An INSERT that does not know the column still works. In a view or a composite type, one more column is another type. */
function isOptionalColumn({ partKind, found = '', requiredByDomain }: Difference): boolean {
  if (!isTable(partKind) || requiredByDomain) return false
  return !found.endsWith(' not null') || fillsValue(found)
}

/** Postgres keeps a default of NULL where the type has a length: `NULL::character varying`. It fills nothing. */
export const fillsValue = (definition: string): boolean =>
  / (default (?!NULL::[^']*$)|generated )/.test(definition)
