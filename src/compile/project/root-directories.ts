import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { lockFiles } from './lock-files.ts'
import { packageDirectory } from './package-directory.ts'

/** Where commands of a file's package, and of the whole workspace or repository, run: the nearest comes first. */
export function projectDirectories(file: string): string[] {
  return [packageDirectory(file), ...rootDirectories(dirname(file))]
}

/** At and above a directory: the root of its workspace, and that of its repository where it is another one. */
function rootDirectories(directory: string): string[] {
  const workspace = nearest(directory, ['pnpm-workspace.yaml', ...lockFiles.keys()])
  const repository = nearest(directory, ['.git'])
  // Above the repository it is somebody else's.
  const inside = workspace !== undefined && (repository === undefined || workspace.startsWith(repository))
  return [...new Set([inside ? workspace : undefined, repository])].filter((root) => root !== undefined)
}

function nearest(directory: string, names: readonly string[]): string | undefined {
  if (names.some((name) => existsSync(join(directory, name)))) return directory
  return directory === dirname(directory) ? undefined : nearest(dirname(directory), names)
}
