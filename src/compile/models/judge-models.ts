import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Models } from '../../checks/migrations/expected-schema.ts'
import { isMissing } from '../is-missing.ts'
import type { MigrationSet } from '../migrations/read-migrations.ts'
import { versions } from '../package-info.ts'
import { runProjectCode } from '../project/run-project-code.ts'
import { namesAhead } from './compare-models.ts'
import type { ModelsInput } from './models-child.ts'
import { findNewestSnapshot, readSnapshot, type Snapshot } from './newest-snapshot.ts'

export interface JudgedModels {
  readonly verdict: Models
  /** Why they are not compared, for whoever compiles; it may name paths and quote the project, unlike the verdict. */
  readonly why?: string
  /** The files that the verdict rests on, packages left out; also those that were looked for and are not there. */
  readonly files: readonly string[]
  /** Whether the same files give the same verdict; models that could not be loaded may be loaded the next time. */
  readonly lasting: boolean
}

/**
 * Compares the project's models with the newest snapshot of its migrations, with the project's own drizzle-kit. The
 * verdict is deployed: it has fixed sentences only.
 */
export async function judgeModels(
  files: readonly string[],
  casing: string | undefined,
  set: MigrationSet,
  signal?: AbortSignal,
): Promise<JudgedModels> {
  const [first] = files
  if (set.layout === 'folders') return notCompared('the models of Drizzle 1.0 cannot be compared yet')
  if (first === undefined)
    return notCompared(
      'no models are found: name them with --models FILE, or as `schema` of the drizzle.config',
    )
  const { path, tried } = findNewestSnapshot(set)
  if (path === undefined) {
    const why = `there is no snapshot in ${set.directory}/meta`
    return notCompared('no migration has a snapshot', { why, files: tried })
  }
  readSnapshot(path)
  const kit = resolveDrizzleKit(first)
  if ('reason' in kit) return notCompared(kit.reason, { lasting: false })
  const input: ModelsInput = { api: kit.api, files, casing, snapshot: path }
  const program = fileURLToPath(new URL('./models-child.ts', import.meta.url))
  const answer = await runProjectCode<ComparedSnapshots>(program, first, input, signal)
  if (!answer.answered) {
    const why = `they cannot be loaded: ${answer.reason}`
    return notCompared('they could not be loaded; edge-health compile says why', { why, lasting: false })
  }
  const names = namesAhead(answer.value.models, answer.value.snapshot)
  return {
    verdict: names.length === 0 ? { state: 'in_line' } : { state: 'ahead', names },
    files: [...answer.loaded, ...tried],
    lasting: true,
  }
}

interface ComparedSnapshots {
  readonly models: Snapshot
  readonly snapshot: Snapshot
}

function notCompared(reason: string, more: Partial<JudgedModels> = {}): JudgedModels {
  return { verdict: { state: 'not_compared', reason }, files: [], lasting: true, ...more }
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
  return { reason: `drizzle-kit is not installed: npm install -D drizzle-kit@${versions['drizzle-kit']}` }
}
