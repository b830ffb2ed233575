import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import { makesNothing, pulledFileAdvice } from './migrations/pulled-file.ts'
import type { MigrationSet } from './migrations/read-migrations.ts'
import type { JudgedModels } from './models/judge-models.ts'
import type { CompileOptions } from './options.ts'
import type { Replayed } from './replay/replay.ts'
import type { Prelude } from './replay/run-prelude.ts'

/** One line: how much is compared. */
export function summaryOf({ migrations, parts, schemas, models }: ExpectedSchema, text: string): string {
  const tables = parts.filter(({ kind }) => kind === 'table')
  const compared = {
    in_line: 'models in sync',
    ahead: 'models ahead of the migrations',
    not_compared: 'models not compared',
  }[models.state]
  return [
    counted(migrations.length, 'migration'),
    counted(tables.length, 'table'),
    `${schemas.length === 1 ? 'schema' : 'schemas'} ${schemas.join(' ')}`,
    compared,
    `${(text.length / 1024).toFixed(1)} kB`,
  ].join(', ')
}

/** The function reports what the models have and no migration makes; here it is said before the deploy. */
export function modelsWarnings(
  { verdict, why }: Pick<JudgedModels, 'verdict' | 'why'>,
  unlisted: readonly string[] = [],
): string[] {
  if (verdict.state === 'not_compared') return [`The models are not compared: ${why ?? verdict.reason}.`]
  if (verdict.state === 'in_line') return []
  // A new migration would make again what such a file makes.
  const next =
    unlisted.length > 0 ? `see first whether ${shortList(unlisted)} makes it` : 'run `drizzle-kit generate`'
  return [`The models are ahead of the migrations (${next}): ${shortList(verdict.names)}.`]
}

export function replayWarnings({ applied }: Replayed): string[] {
  const skipped = applied.skipped.map(
    ({ tag, statements, of }) => `${statements} of ${counted(of, 'statement')} of ${tag}`,
  )
  return [
    ...applied.warnings,
    ...(skipped.length > 0
      ? [
          `--skip left out ${shortList(skipped)}: what they make is not expected of the database; --ignore PATTERNS accepts it where the check finds it.`,
        ]
      : []),
  ]
}

/** A pulled file makes nothing, and without a prelude nothing else makes what it describes. */
export function pulledFileWarnings({ migrations }: MigrationSet, preludes: readonly Prelude[]): string[] {
  if (preludes.some(({ isExpected }) => isExpected)) return []
  return migrations.filter(makesNothing).map(pulledFileAdvice)
}

/** Where nothing is expected, nothing can be missing. */
export function noTableWarnings({ parts }: ExpectedSchema): string[] {
  if (parts.some(({ kind }) => kind === 'table')) return []
  return [
    'The migrations make no table in the schemas that are compared: no table of the database can be found missing or changed.',
  ]
}

export function replayNotes({ applied: { createdRoles, createdCollations } }: Replayed): string[] {
  const made = [
    ['Roles that the migrations mention and do not create', createdRoles],
    ['Predefined collations that the embedded Postgres does not have', createdCollations],
  ] as const
  return made
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what}, made for the replay: ${names.join(', ')}.`)
}

/** Postgres before 16 prints `events.id` in a view where later ones print `id`: there only the columns are compared. */
export function oldServerWarnings({ minServer }: CompileOptions, { parts }: ExpectedSchema): string[] {
  if (minServer === undefined || minServer >= 16) return []
  const views = parts.filter(({ kind }) => kind === 'query')
  if (views.length === 0) return []
  return [`On Postgres 15 the columns of ${counted(views.length, 'view')} are compared, but not the text.`]
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** Long lists say how much longer they are. */
function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ')
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown
}
