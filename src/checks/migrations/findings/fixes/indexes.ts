import type { Difference } from '../../comparison/diff-catalog.ts'
import { localName } from '../object-name.ts'
import type { Fix, Statements } from './fix.ts'
import { newNameOf, renamedFrom } from './renamed.ts'
import { renamedTogether } from './renamed-together.ts'

/** The statement that Postgres prints; undefined where a mark of ours stands behind it. */
export const statedByPostgres = ({ expected = '' }: Difference): Statements | undefined =>
  / \[[a-z ]+\]$/.test(expected) ? undefined : [expected.replace(/;$/, '')]

/**
 * The index of a partitioned table is printed with ON ONLY, as pg_dump needs it, which makes one that is invalid until
 * an index of every partition is attached. Without ONLY, Postgres makes and attaches those itself.
 */
const withPartitions = (statements: Statements): Statements =>
  statements.map((statement) => statement.replace(onOnly, '$1 '))

/** At its place, since a literal in a condition may say the same. */
const onOnly = /^(CREATE (?:UNIQUE )?INDEX (?:"(?:[^"]|"")+"|\S+) ON) ONLY /

/**
 * Whether the table may be replicated by this index: without it, UPDATE and DELETE of a published table fail
 * (https://www.postgresql.org/docs/current/logical-replication-publication.html). Which index it is, the catalog's answer does not say.
 */
const mayBeReplicaIdentity = (
  { part, found = '' }: Difference,
  differences: readonly Difference[],
): boolean =>
  found.startsWith('CREATE UNIQUE') &&
  differences.some(
    (other) =>
      other.kind === 'table' && other.part === part && other.found?.endsWith('replica identity index'),
  )

export const indexFix: Fix = (index, { differences }) => {
  const { difference, name, expected = '', found } = index
  const together = renamedTogether(index, differences)
  if (together) return together.leader === index ? together.statements : undefined
  const drop = `DROP INDEX ${name}`
  if (difference === 'extra')
    return newNameOf(index, differences) || mayBeReplicaIdentity(index, differences) ? undefined : [drop]
  const old = renamedFrom(index, differences)
  if (old) return [`ALTER INDEX ${old.name} RENAME TO ${localName(name)}`]
  // REINDEX would leave an index of a partitioned table as it is.
  if (found === `${expected} [invalid]` && !onOnly.test(expected)) return [`REINDEX INDEX ${name}`]
  const create = statedByPostgres(index)
  if (!create) return undefined
  return [...(difference === 'changed' ? [drop] : []), ...withPartitions(create)]
}

export const statisticsFix: Fix = (statistics) => {
  const { difference, name, expected } = statistics
  return [
    ...(difference === 'missing' ? [] : [`DROP STATISTICS ${name}`]),
    ...(expected === undefined ? [] : [expected]),
  ]
}
