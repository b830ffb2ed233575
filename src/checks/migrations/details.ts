import type { Details } from '../../core/check.ts'
import { Verbatim } from '../../core/verbatim.ts'
import type { CatalogVerdict, Interruption } from './comparison/compare.ts'
import { nextMigrateNote } from './comparison/next-migrate.ts'
import type { ExpectedSchema } from './expected-schema.ts'
import type { Finding } from './findings/finding.ts'
import { tooEarly } from './findings/too-early.ts'
import type { Evidence } from './outcome.ts'

/** How many names are written out; the rest is counted. */
const maxListed = 20

/** Where the differences are: for a caller with the token. What is empty is left out. */
export function detailsOf(expected: ExpectedSchema, evidence: Evidence): Details {
  const { schema, table } = expected.ledger
  return {
    migrations: expected.migrations.length,
    ...(expected.newerBuildFailed && { newer_build_failed: expected.newerBuildFailed }),
    ledger: { table: `${schema}.${table}`, ...ledgerDetails(evidence.ledger, schema, table) },
    ...catalogDetails(evidence.catalog, expected, tooEarly(evidence.ledger)),
    ...notComparableDetails(expected),
    ...modelsDetails(evidence.models),
    ...(expected.unlisted && { unlisted_files: bounded(expected.unlisted) }),
  }
}

function notComparableDetails({ notComparable = [], uncompared = [] }: ExpectedSchema): Details {
  if (notComparable.length + uncompared.length === 0) return {}
  const why = [
    ...(notComparable.length > 0
      ? ['needs an extension that the embedded Postgres of the compile lacks']
      : []),
    ...(uncompared.length > 0 ? ['is of a kind that no query asks for'] : []),
  ]
  return {
    not_comparable: bounded([...notComparable.map(({ kind, object }) => `${kind} ${object}`), ...uncompared]),
    not_comparable_hint: `It ${why.join(', or ')}. Accept it with compile --ignore.`,
  }
}

function ledgerDetails(ledger: Evidence['ledger'], schema: string, table: string): Details {
  if (ledger === 'denied') {
    const quoted = `${quote(schema)}.${quote(table)}`
    return {
      state: 'denied',
      reason: 'the role may not SELECT from it, or row level security hides rows from it',
      fix: `GRANT USAGE ON SCHEMA ${quote(schema)} TO <role>; GRANT SELECT ON ${quoted} TO <role>`,
    }
  }
  if (typeof ledger === 'string') return { state: ledger }
  const sets = Object.entries({
    pending: ledger.pending,
    out_of_order: ledger.outOfOrder,
    edited: ledger.edited,
    line_endings: ledger.lineEndings,
    retimed: ledger.retimed,
    runs_again: ledger.runsAgain ?? [],
    duplicate: ledger.duplicate,
    unknown_migration: ledger.unknown,
    database_ahead: ledger.ahead,
  })
  const note = nextMigrateNote(ledger)
  return {
    ...Object.fromEntries(
      sets.filter(([, set]) => set.length > 0).map(([name, set]) => [name, bounded(set)]),
    ),
    ...(note && { next_migrate: note }),
  }
}

const quote = (name: string) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`)

const reasons: Record<Interruption, string> = {
  locked: 'another session holds a lock on a table, as a running migration does',
  racing: 'the schema was changed while it was read',
  slow: 'the catalog could not be read within the time limit',
  denied: 'the role may not read what the query needs',
}

/** The part without a name. */
const noTable = 'what belongs to no table'

/** @param noFix why no difference may be fixed now */
function catalogDetails(
  catalog: CatalogVerdict,
  { parts }: ExpectedSchema,
  noFix: string | undefined,
): Details {
  if (catalog.state === 'not_compared')
    return { not_compared: catalog.reason, reason: reasons[catalog.reason], ...catalog.said }
  const { shown, more } = catalog.findings
  const findings = withRest(
    shown.map((finding) => verbatim(noFix === undefined ? finding : withoutFix(finding, noFix))),
    more + catalog.moreExtra,
  )
  return {
    ...(findings.length > 0 && { findings }),
    ...(catalog.unread.length > 0 && {
      also_different: bounded(catalog.unread.map((part) => part || noTable)),
    }),
    ...(catalog.ignored.length > 0 && { ignored: bounded(catalog.ignored) }),
    ...(!catalog.viewText &&
      parts.some(({ kind }) => kind === 'query') && {
        view_text: 'unverified: this server prints it differently; the columns of views are compared',
      }),
  }
}

function withoutFix({ fix, noFix: other, ...rest }: Finding, noFix: string): Finding {
  return fix === undefined && other === undefined ? rest : { ...rest, noFix }
}

/** Definitions are the application's own, and a fix is run as it is written, so neither may be changed by the scrub. */
function verbatim({ object, expected, found, fix, noFix, ...rest }: Finding) {
  return {
    object: new Verbatim(object),
    ...rest,
    ...(expected !== undefined && { expected: new Verbatim(expected) }),
    ...(found !== undefined && { found: new Verbatim(found) }),
    ...(fix !== undefined && { fix: new Verbatim(fix, { no_fix: secretInFix }) }),
    ...(noFix !== undefined && { no_fix: new Verbatim(noFix) }),
  }
}

const secretInFix = 'it would hold a secret of this function, which is not written out'

function modelsDetails(models: ExpectedSchema['models']): Details {
  if (models.state === 'in_line') return {}
  if (models.state === 'ahead') return { models_ahead: bounded(models.names) }
  return { models: `not compared: ${models.reason}` }
}

function bounded(list: readonly string[]): readonly string[] {
  const shown = list.slice(0, maxListed)
  return withRest(shown, list.length - shown.length)
}

function withRest<T>(shown: readonly T[], more: number): readonly (T | string)[] {
  return more === 0 ? shown : [...shown, `and ${more} more`]
}
