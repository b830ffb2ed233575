import { execFileSync } from 'node:child_process'
import { DeployError } from './run-tool.ts'

export interface Release {
  readonly name: string
  /** What somebody should know about it. */
  readonly warning?: string
}

/**
 * SENTRY_RELEASE, else the short name of the git commit.
 * @throws {DeployError} when there is neither: it would not be known which build answers
 */
export function currentRelease(environment: NodeJS.ProcessEnv, directory: string): Release {
  const named = environment['SENTRY_RELEASE']?.trim()
  if (named) return { name: named }
  const git = (...args: string[]) =>
    execFileSync('git', args, {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  try {
    const name = git('rev-parse', '--short', 'HEAD')
    const changed = git('status', '--porcelain') !== ''
    return changed ? { name, warning: `${name} is deployed with changes that are in no commit.` } : { name }
  } catch {
    throw new DeployError('This is not a git repository with a commit: name the release by SENTRY_RELEASE.')
  }
}
