import type { MigrationsCode, Outcome, Status } from '../../core/check.ts'
import type { CatalogVerdict } from './comparison/compare.ts'
import { type MigrationsTableDiff, nothingDiffers } from './comparison/diff-migrations-table.ts'
import { nextMigrateNote } from './comparison/next-migrate.ts'
import type { Models, NotComparable } from './expected-schema.ts'

/** All that is known; the ledger by its difference, or why there is none. */
export interface Evidence {
  readonly ledger: MigrationsTableDiff | 'absent' | 'denied' | 'unread'
  readonly catalog: CatalogVerdict
  readonly models: Models
  /** SQL files of the migrations folder that Drizzle never runs. [unlisted=[]] */
  readonly unlisted?: readonly string[]
  /** What the compile could not know. [notComparable=[]] */
  readonly notComparable?: readonly NotComparable[]
  /** What the migrations made and no query asks for. [uncompared=[]] */
  readonly uncompared?: readonly string[]
}

interface OutcomeRule {
  readonly status: Status
  readonly code: MigrationsCode | 'ok'
  readonly applies: (facts: Facts) => boolean
  readonly output: (facts: Facts) => string
  /** What brings it into sync. */
  readonly next?: string
}

/** In order of precedence: a result carries the first code that applies. */
const rules: readonly OutcomeRule[] = [
  {
    status: 'fail',
    code: 'pending',
    applies: ({ ledger }) => ledger.pending.length > 0,
    output: ({ ledger }) =>
      ledger.pending.length === 1
        ? '1 migration is not applied'
        : `${ledger.pending.length} migrations are not applied`,
    next: 'npx drizzle-kit migrate',
  },
  {
    status: 'fail',
    code: 'edited',
    applies: ({ ledger, schema }) => ledger.edited.length > 0 && schema === 'differs',
    output: () => 'an applied migration was edited, and the schema differs from it',
    next: 'Restore the file as it was when it ran, and put the change into a new migration.',
  },
  {
    status: 'fail',
    code: 'out_of_order',
    applies: ({ ledger, schema }) => ledger.outOfOrder.length > 0 && schema === 'differs',
    output: () => 'a migration was skipped, and the schema differs',
    next: 'Drizzle runs no migration that is older than the newest applied one: generate it again, or run it by hand.',
  },
  {
    status: 'fail',
    code: 'unknown_migration',
    // Another service that shares the table makes objects of its own.
    applies: ({ ledger, schema, onlyAdded }) =>
      ledger.unknown.length > 0 && schema !== 'in sync' && !onlyAdded,
    output: () => 'a migration was applied that is not among the files',
    next: 'Bring back the file that ran: from the branch or the release that was deployed then.',
  },
  {
    status: 'fail',
    code: 'models_ahead',
    applies: ({ models, unlisted }) => models.state === 'ahead' && unlisted.length > 0,
    output: () => 'the models have changes that no migration makes',
    // A new migration would make again what such a file makes.
    next: 'Drizzle never runs the unlisted files: add those that make these changes to meta/_journal.json.',
  },
  {
    status: 'fail',
    code: 'models_ahead',
    applies: ({ models }) => models.state === 'ahead',
    output: () => 'the models have changes that no migration makes',
    next: 'npx drizzle-kit generate',
  },
  {
    status: 'fail',
    code: 'drift',
    applies: ({ schema, failing }) => schema === 'differs' && failing,
    output: ({ differences }) => counted(differences, 'difference', 'from the migrations'),
  },
  {
    status: 'warn',
    code: 'edited',
    applies: ({ ledger, schema }) => ledger.edited.length > 0 && schema === 'in sync',
    output: () => 'an applied migration was edited; the schema is in sync',
    next: 'Restore the file as it was when it ran.',
  },
  {
    status: 'warn',
    code: 'out_of_order',
    applies: ({ ledger, schema }) => ledger.outOfOrder.length > 0 && schema === 'in sync',
    output: () => 'a migration was skipped; the schema is in sync',
    next: 'Insert its row into the ledger, or generate it again: Drizzle will not run it where it was skipped.',
  },
  {
    status: 'warn',
    code: 'unknown_migration',
    applies: ({ ledger }) => ledger.unknown.length > 0,
    output: ({ schema }) =>
      schema === 'in sync'
        ? 'a migration was applied that is not among the files; the schema is in sync'
        : 'a migration was applied that is not among the files; the schema has all that they make',
    next: 'Nothing is broken. Rows stay behind when files are squashed, or belong to another service that shares the table.',
  },
  {
    status: 'warn',
    code: 'database_ahead',
    applies: ({ ledger }) => ledger.ahead.length > 0,
    output: () => 'the database has newer migrations than this function',
    next: 'Deploy this function with the migrations that the application ran.',
  },
  {
    status: 'warn',
    code: 'no_ledger',
    applies: ({ hasLedger }) => !hasLedger,
    output: () => 'the table of applied migrations does not exist',
    next: 'The schema was not made by drizzle-kit migrate, or its table has another name (--ledger schema.table).',
  },
  {
    status: 'warn',
    code: 'not_compared',
    applies: ({ complete }) => !complete,
    output: () => 'not everything could be compared with the migrations',
  },
  {
    status: 'warn',
    code: 'drift',
    applies: ({ lowered }) => lowered,
    output: ({ differences }) => counted(differences, 'difference', 'from the migrations'),
    next: 'MIGRATIONS_WARN makes these findings warn: bring the schema into sync when there is time.',
  },
  {
    status: 'warn',
    code: 'extra',
    applies: ({ differences }) => differences > 0,
    output: ({ differences }) => counted(differences, 'harmless addition', 'to the migrations'),
  },
  {
    status: 'pass',
    code: 'line_endings',
    applies: ({ ledger }) => ledger.lineEndings.length > 0,
    output: () => upToDate,
  },
]

/** What no rule applies to. */
const inSync: Omit<OutcomeRule, 'applies'> = { status: 'pass', code: 'ok', output: () => upToDate }

const upToDate = 'database up to date with migrations'

const counted = (count: number, noun: string, rest: string) =>
  `${count} ${noun}${count === 1 ? '' : 's'} ${rest}`

interface Facts {
  readonly ledger: MigrationsTableDiff
  readonly hasLedger: boolean
  readonly models: Models
  readonly unlisted: readonly string[]
  /**
   * `unknown` when it was not compared, and when it differs from the files of an application that is ahead of them:
   * then a difference proves nothing.
   */
  readonly schema: 'in sync' | 'differs' | 'unknown'
  readonly differences: number
  /** Whether one of the differences breaks something. */
  readonly failing: boolean
  /** Whether all differences are whole objects that no migration makes. */
  readonly onlyAdded: boolean
  /** Whether one of them only warns because it was configured to. */
  readonly lowered: boolean
  readonly complete: boolean
}

/** The outcome that carries the first code that applies, with `details` and what to do next. */
export function outcomeOf(evidence: Evidence, details: Record<string, unknown>): Outcome {
  const facts = factsOf(evidence)
  const rule = rules.find(({ applies }) => applies(facts)) ?? inSync
  const { status, code } = rule
  // The advice of these two ends with a `migrate` that would stop, or says that nothing is broken.
  const stops = facts.ledger.refused !== undefined && (code === 'pending' || code === 'unknown_migration')
  const next = stops ? nextMigrateNote(facts.ledger) : rule.next
  return { status, code, output: rule.output(facts), details: { ...(next && { next }), ...details } }
}

function factsOf(evidence: Evidence): Facts {
  const { ledger, catalog, models, unlisted = [], notComparable = [], uncompared = [] } = evidence
  const diff = typeof ledger === 'string' ? nothingDiffers : ledger
  const compared = catalog.state === 'compared'
  const unread = compared ? catalog.unread.length : 0
  const differences = compared ? catalog.findings.count + unread + catalog.moreExtra : 0
  const provesNothing = !compared || (differences > 0 && diff.ahead.length > 0)
  return {
    ledger: diff,
    hasLedger: ledger !== 'absent',
    models,
    unlisted,
    schema: provesNothing ? 'unknown' : differences > 0 ? 'differs' : 'in sync',
    differences,
    onlyAdded: compared && unread === 0 && catalog.findings.onlyAdded,
    failing: unread > 0 || (compared && catalog.findings.failing),
    lowered: compared && catalog.findings.lowered,
    complete:
      notComparable.length + uncompared.length === 0 &&
      compared &&
      ledger !== 'denied' &&
      ledger !== 'unread',
  }
}
