import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isRecord } from '../../core/is-record.ts'

/** What the application is called: the root's package name without its scope, else its folder's name. */
export function applicationName(root: string): string {
  const name = readPackage(root)?.['name']
  return (typeof name === 'string' ? name : basename(root)).replace(/^@[^/]*\//, '')
}

/** The package.json of a folder; undefined when there is none that can be read. */
export function readPackage(folder: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

/** Every package that the folder's package.json asks for, with its version or where it is from. */
export function declaredPackages(folder: string): ReadonlyMap<string, string> {
  const manifest = readPackage(folder)
  const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
  const declared = new Map<string, string>()
  for (const field of fields) {
    const packages = manifest?.[field]
    if (!isRecord(packages)) continue
    for (const [name, spec] of Object.entries(packages)) {
      if (typeof spec === 'string' && !declared.has(name)) declared.set(name, spec)
    }
  }
  return declared
}

/** Whether an earlier init wrote the folder's package.json. */
export function isOurs(folder: string): boolean {
  const scripts = readPackage(folder)?.['scripts']
  return isRecord(scripts) && String(scripts['compile']).startsWith('edge-health compile')
}
