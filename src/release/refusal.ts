import type { ExpectedSchema } from '../checks/migrations/expected-schema.ts'

/** Why a deploy is refused before anything is compiled. */
export function refusalOfProject(drizzleConfig: string | undefined): string | undefined {
  if (drizzleConfig?.trim()) return undefined
  return 'No migrations are named: set DRIZZLE_CONFIG to your drizzle.config, as in DRIZZLE_CONFIG=../shop/drizzle.config.ts npm run deploy:worker.'
}

const shownNames = 10

/** Why a deploy of this expected schema is refused: it would report its own build as failing from the first minute. */
export function refusalOfSchema({
  models,
  unlisted = [],
}: Pick<ExpectedSchema, 'models' | 'unlisted'>): string | undefined {
  if (models.state !== 'ahead') return undefined
  const names = models.names.slice(0, shownNames).join(', ')
  const more = models.names.length - shownNames
  return [
    `The models are ahead of the migrations (${names}${more > 0 ? ` and ${more} more` : ''}):`,
    unlisted.length > 0
      ? `see first whether a file that the journal does not name makes it (${unlisted.slice(0, shownNames).join(', ')}), or deploy with --force.`
      : 'run `drizzle-kit generate` and commit the migration, or deploy with --force.',
  ].join(' ')
}
