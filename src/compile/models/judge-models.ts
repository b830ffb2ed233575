import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Models } from '../../checks/migrations/expected.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'
import { type ChildAnswer, runProjectCode } from '../project/run-project-code.ts'
import { isMissing } from '../replay/optional-package.ts'
import { namesAhead } from './compare-models.ts'
import type { ModelsInput } from './models-child.ts'
import { newestSnapshotPath, readSnapshot, type Snapshot } from './newest-snapshot.ts'

export interface JudgedModels {
  readonly verdict: Models
  /** The files that the verdict rests on, packages left out. */
  readonly loaded: readonly string[]
  /** Whether the same files give the same verdict; models that could not be loaded may be loaded the next time. */
  readonly lasting: boolean
}

/** Compares the project's models with the newest snapshot of its migrations, with the project's own drizzle-kit. */
export async function judgeModels(
  files: readonly string[],
  casing: string | undefined,
  set: MigrationSet,
  signal?: AbortSignal,
): Promise<JudgedModels> {
  const [first] = files
  if (set.layout === 'folders') return notCompared('the models of Drizzle 1.0 cannot be compared yet')
  if (first === undefined)
    return notCompared('no models are named: add --models FILE, or `schema` to the drizzle.config')
  const path = newestSnapshotPath(set)
  if (path === undefined) return notCompared(`there is no snapshot in ${set.directory}/meta`)
  readSnapshot(path)
  const kit = resolveDrizzleKit(first)
  if ('reason' in kit) return notCompared(kit.reason)
  const program = fileURLToPath(new URL('./models-child.ts', import.meta.url))
  const input: ModelsInput = { api: kit.api, files, casing, snapshot: path }
  const answer: ChildAnswer<{ models: Snapshot; snapshot: Snapshot }> = await runProjectCode(
    program,
    first,
    input,
    signal,
  )
  if (!answer.answered) return notCompared(`they cannot be loaded: ${answer.reason}`, false)
  const names = namesAhead(answer.value.models, answer.value.snapshot)
  return {
    verdict: names.length === 0 ? { state: 'in_line' } : { state: 'ahead', names },
    loaded: [...answer.loaded, path],
    lasting: true,
  }
}

function notCompared(reason: string, lasting = true): JudgedModels {
  return { verdict: { state: 'not_compared', reason }, loaded: [], lasting }
}

/** The project's drizzle-kit, so that its snapshot is of the version that made the others; ours when it has none. */
function resolveDrizzleKit(projectFile: string): { api: string } | { reason: string } {
  for (const from of [projectFile, import.meta.filename]) {
    try {
      return { api: createRequire(from).resolve('drizzle-kit/api') }
    } catch (error) {
      if (!isMissing(error))
        return { reason: "the project's drizzle-kit has no drizzle-kit/api: 0.31 is understood" }
    }
  }
  return { reason: 'drizzle-kit is not installed: npm install -D drizzle-kit' }
}
