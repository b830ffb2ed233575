import { existsSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import { isRecord } from '../../core/is-record.ts'
import { readYaml } from '../yaml.ts'
import { readPackage } from './package-json.ts'
import type { InitPlan } from './plan.ts'

/** Which folders are packages of the workspace; undefined when the folder is not the root of one. */
export function workspacePatterns(folder: string): readonly string[] | undefined {
  const file = join(folder, 'pnpm-workspace.yaml')
  if (existsSync(file)) return textsIn(readYaml(file), 'packages')
  const workspaces = readPackage(folder)?.['workspaces']
  if (workspaces === undefined) return undefined
  // yarn 1 also takes { packages: [...] }.
  return textsIn(Array.isArray(workspaces) ? { packages: workspaces } : workspaces, 'packages')
}

function textsIn(record: unknown, name: string): readonly string[] {
  const list = isRecord(record) ? record[name] : undefined
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : []
}

/** Where a folder is in the workspace whose root is given; undefined when that is not the root of a workspace. */
export function placeInWorkspace(folder: string, root: string): InitPlan['workspace'] {
  const patterns = workspacePatterns(root)
  if (patterns === undefined) return undefined
  const path = relative(root, resolve(folder)).split(sep).join('/')
  if (path === '') return 'root'
  const matching = patterns.filter((pattern) => toExpression(pattern.replace(/^!/, '')).test(path))
  return matching.length > 0 && !matching.some((pattern) => pattern.startsWith('!')) ? 'member' : 'outside'
}

/** `*` is one folder, `**` any number of them. */
function toExpression(pattern: string): RegExp {
  const text = pattern
    .replace(/^\.\/|\/+$/g, '')
    .split('/')
    .map((part) =>
      part === '**' ? '**' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*'),
    )
    .join('/')
    .replaceAll('**/', '(?:[^/]+/)*')
    .replaceAll('/**', '(?:/[^/]+)*')
    .replaceAll('**', '.*')
  return new RegExp(`^${text}$`)
}
