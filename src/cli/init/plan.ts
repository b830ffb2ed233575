import type { PackageManager } from './package-manager.ts'

/** Everything that the files depend on. */
export interface InitPlan {
  readonly platform: 'workers' | 'lambda'
  /** Name of the Worker or service. */
  readonly name: string
  /** `aws:eu-central-1` (Workers placement), `eu-central-1` (Lambda); the platform's choice when absent. */
  readonly region?: string | undefined
  /** Five fields, UTC. */
  readonly cron: string
  /** Which of the standard checks fit what the repository uses. */
  readonly checks: readonly string[]
  /** The compile command's options that name the migrations, relative to the folder. */
  readonly source: string
  /** The folder of the migrations, relative, for the watcher; unknown when they were not found. */
  readonly migrations?: string | undefined
  readonly packageManager: PackageManager
  /**
   * Where the folder is in the repository's workspace: its root, one of its packages, or a folder below it that it does not
   * name. Absent without a workspace.
   */
  readonly workspace?: 'root' | 'member' | 'outside' | undefined
  /** Versions of the packages, and where ours is from: `{ wrangler: '4.164.0' }`. */
  readonly versions: Readonly<Record<string, string>>
}

/** Where the compile command writes by default, and the entry file reads. It is outside src/, which wrangler watches. */
export const expectedSchema = '.edge-health/expected.json'

export const compileCommand = ({ source }: Pick<InitPlan, 'source'>): string =>
  `edge-health compile ${source}`
