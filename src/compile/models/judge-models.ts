import { fileURLToPath } from 'node:url'
import type { Models } from '../../checks/migrations/expected-schema.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'
import { runProjectCode } from '../project/run-project-code.ts'
import { entitiesAhead } from './compare-entities.ts'
import { namesAhead } from './compare-models.ts'
import { findDrizzleKit } from './find-drizzle-kit.ts'
import type { ModelsAndSnapshots, ModelsInput } from './models-child.ts'
import { findSnapshots, readSnapshot } from './snapshots.ts'

export interface JudgedModels {
  readonly verdict: Models
  /** Why they are not compared, for the person who compiles; it may name paths and quote the project, unlike the verdict. */
  readonly why?: string
  /** The files that the verdict rests on, packages left out; also those that were looked for and are not there. */
  readonly files: readonly string[]
  /** Whether the same files give the same verdict; models that could not be loaded may be loaded the next time. */
  readonly lasting: boolean
}

/**
 * Compares the project's models with the snapshots of its migrations, with the project's own drizzle-kit. The verdict
 * is deployed: it has fixed sentences only.
 */
export async function judgeModels(
  files: readonly string[],
  casing: string | undefined,
  set: MigrationSet,
  signal?: AbortSignal,
): Promise<JudgedModels> {
  const [first] = files
  if (first === undefined)
    return notCompared(
      'no models are found: name them with --models FILE, or as `schema` of the drizzle.config',
    )
  const { found: snapshots, tried } = findSnapshots(set)
  if (snapshots.length === 0) {
    const why = `there is no snapshot in ${set.directory}${set.layout === 'journal' ? '/meta' : ''}`
    return notCompared('no migration has a snapshot', { why, files: tried })
  }
  for (const path of snapshots) readSnapshot(path)
  const kit = findDrizzleKit(first, set.layout)
  if ('reason' in kit) return notCompared(kit.reason, { lasting: false })
  const input: ModelsInput = { ...kit, files, casing, snapshots }
  const program = fileURLToPath(new URL('./models-child.ts', import.meta.url))
  const answer = await runProjectCode<ModelsAndSnapshots>(program, first, input, signal)
  if (!answer.answered) {
    const unset = answer.unset.length > 0 ? ` (not set: ${answer.unset.join(', ')})` : ''
    const why = `they cannot be loaded: ${answer.reason}${unset}`
    return notCompared('they could not be loaded; edge-health compile says why', { why, lasting: false })
  }
  const { value } = answer
  const names =
    value.generation === '1.0'
      ? entitiesAhead(value.models, value.states)
      : namesAhead(value.models, value.snapshot)
  return {
    verdict: names.length === 0 ? { state: 'in_line' } : { state: 'ahead', names },
    files: [...answer.loaded, ...tried],
    lasting: true,
  }
}

function notCompared(reason: string, more: Partial<JudgedModels> = {}): JudgedModels {
  return { verdict: { state: 'not_compared', reason }, files: [], lasting: true, ...more }
}
