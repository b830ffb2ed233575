import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { configName } from './find-migrations.ts'
import { readPackage } from './package-json.ts'
import { workspacePatterns } from './workspace.ts'

/**
 * The repository or workspace that a folder belongs to. Without either it is the nearest folder with a drizzle.config or a
 * package.json, above the folder itself, which may be new; and the folder when it stands alone.
 */
export function findRepository(folder: string): string {
  const above = foldersAbove(resolve(folder))
  const marked = above.find(isWorkspaceRoot)
  if (marked !== undefined) return marked
  const [start = folder, ...others] = above
  if (holdsConfig(start)) return start
  return others.slice(0, maxLevels).find((each) => holdsConfig(each) || readPackage(each)) ?? start
}

/** A package.json far above, such as one in the home folder, is another project's. */
const maxLevels = 3

/** The folder itself first. */
const foldersAbove = (folder: string): string[] =>
  folder === dirname(folder) ? [folder] : [folder, ...foldersAbove(dirname(folder))]

function isWorkspaceRoot(folder: string): boolean {
  return existsSync(join(folder, '.git')) || workspacePatterns(folder) !== undefined
}

const holdsConfig = (folder: string): boolean =>
  existsSync(folder) && readdirSync(folder).some((name) => configName.test(name))
