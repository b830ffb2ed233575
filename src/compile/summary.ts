import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'
import type { JudgedModels } from './models/judge-models.ts'
import type { CompileOptions } from './options.ts'
import type { Replayed } from './replay/replay.ts'

/** One line: how much is compared. */
export function summaryOf({ migrations, parts, schemas, models }: ExpectedSchema, text: string): string {
  const tables = parts.filter(({ kind }) => kind === 'table')
  const compared = {
    in_line: 'models in line',
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

/** What the models have and no migration makes is for the function to report; here it is said early. */
export function modelsWarnings({ verdict, why }: Pick<JudgedModels, 'verdict' | 'why'>): string[] {
  if (verdict.state === 'not_compared') return [`The models are not compared: ${why ?? verdict.reason}.`]
  if (verdict.state === 'in_line') return []
  return [
    `The models are ahead of the migrations (run \`drizzle-kit generate\`): ${shortList(verdict.names)}.`,
  ]
}

export function replayWarnings({ applied }: Replayed): string[] {
  const skipped = applied.skipped.map(
    ({ tag, chunks, of }) => `${chunks} of ${counted(of, 'part')} of ${tag}`,
  )
  return [
    ...applied.warnings,
    ...(skipped.length > 0
      ? [
          `--skip left out ${shortList(skipped)} (a part stands between two breakpoints): what they make is not expected of the database.`,
        ]
      : []),
  ]
}

export function rolesNote({ applied: { createdRoles } }: Replayed): string[] {
  if (createdRoles.length === 0) return []
  return [
    `Roles that the migrations mention and do not create, made for the replay: ${createdRoles.join(', ')}.`,
  ]
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
