import { answerParent, importFile } from '../project/child.ts'
import { readSnapshot, type Snapshot } from './newest-snapshot.ts'

interface DrizzleKitApi {
  generateDrizzleJson(models: object, previous: undefined, schemaFilter: undefined, casing?: string): Snapshot
  upPgSnapshot?(snapshot: Snapshot): Snapshot
}

export interface ModelsInput {
  /** Path of the project's drizzle-kit/api. */
  readonly api: string
  readonly files: readonly string[]
  readonly casing: string | undefined
  /** Path of the newest snapshot: too long for an argument. */
  readonly snapshot: string
}

/**
 * Makes a snapshot of the project's models, and brings the newest snapshot of its folder into the same version.
 * What several files export is one model, as in drizzle-kit.
 */
await answerParent(async ({ api, files, casing, snapshot }: ModelsInput) => {
  const exported = new Set<unknown>()
  for (const file of files) for (const value of Object.values(await importFile(file))) exported.add(value)
  const kit = (await importFile(api)) as unknown as DrizzleKitApi
  const known = readSnapshot(snapshot)
  return {
    models: kit.generateDrizzleJson({ ...[...exported] }, undefined, undefined, casing),
    snapshot: kit.upPgSnapshot?.(known) ?? known,
  }
})
