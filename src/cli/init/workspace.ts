import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isRecord } from '../../core/is-record.ts'

/** The repository or workspace that a folder belongs to: the folder itself when it stands alone. */
export function findWorkspaceRoot(folder: string): string {
  const start = resolve(folder)
  for (let candidate = start; ; candidate = dirname(candidate)) {
    if (isWorkspaceRoot(candidate)) return candidate
    if (candidate === dirname(candidate)) return start
  }
}

function isWorkspaceRoot(folder: string): boolean {
  const marks = ['.git', 'pnpm-workspace.yaml']
  return (
    marks.some((mark) => existsSync(join(folder, mark))) || readPackage(folder)?.['workspaces'] !== undefined
  )
}

/** What the application is called: the root's package name without its scope, else its folder's name. */
export function applicationName(root: string): string {
  const name = readPackage(root)?.['name']
  return (typeof name === 'string' ? name : basename(root)).replace(/^@[^/]*\//, '')
}

function readPackage(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}
