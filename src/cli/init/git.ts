import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UsageError } from '../usage-error.ts'
import { relativePath } from './find-migrations.ts'
import type { InitPlan } from './plan.ts'

/** Where the secrets are on the developer's machine. */
export const secretsFile = { workers: '.dev.vars', lambda: '.env' } as const

/** What is made anew; what the gate accepts is written by people. */
const madeAnew = ['.edge-health/*', '!.edge-health/gate-allow.json'] as const

/** What git has to leave out: secrets, and what is made anew. */
const ignored: Readonly<Record<InitPlan['platform'], readonly string[]>> = {
  workers: ['.dev.vars*', '!.dev.vars.example', ...madeAnew, '.wrangler/', 'node_modules/'],
  lambda: ['.env', '.env.*', '!.env.example', ...madeAnew, '.serverless/', 'dist/lambda/', 'node_modules/'],
}

/**
 * A `.gitignore` with everything that must not be committed.
 *
 * @param existing its text, when there is one
 * @returns undefined when nothing is missing
 */
export function gitignoreFor(platform: InitPlan['platform'], existing = ''): string | undefined {
  const bare = (line: string) => line.trim().replace(/^\/|\/$/g, '')
  const there = new Set(existing.split('\n').map(bare))
  const missing = ignored[platform].filter((line) => !there.has(bare(line)))
  if (missing.length === 0) return undefined
  const before = existing === '' || existing.endsWith('\n') ? existing : `${existing}\n`
  return `${before}${missing.join('\n')}\n`
}

/**
 * An entry in .gitignore changes nothing for a file that git has already.
 *
 * @throws {UsageError} when the file that will hold the secrets is tracked
 */
export function assertSecretsUntracked(folder: string, platform: InitPlan['platform']): void {
  const name = secretsFile[platform]
  const tracked = trackedFiles(folder, [join(folder, name), join(folder, `${name}.*`)])
  const [file] = tracked.filter((path) => !path.endsWith('.example'))
  if (file === undefined) return
  const path = relativePath(process.cwd(), file)
  throw new UsageError(
    `${path} is tracked by git, and it would hold every secret. Run git rm --cached ${path}, commit, replace the secrets that were in it, and run init again.`,
  )
}

/** Absolute paths; none without git, or outside of a repository. */
function trackedFiles(folder: string, patterns: readonly string[]): string[] {
  let cwd = folder
  while (!existsSync(cwd)) cwd = dirname(cwd)
  const { stdout, status } = spawnSync('git', ['ls-files', '-z', '--', ...patterns], {
    cwd,
    encoding: 'utf8',
  })
  if (status !== 0) return []
  return stdout
    .split('\0')
    .filter(Boolean)
    .map((path) => join(cwd, path))
}
