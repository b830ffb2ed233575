import { dirname, isAbsolute, resolve } from 'node:path'
import { relativePath } from './find-migrations.ts'
import { declaredPackages } from './package-json.ts'

/**
 * How the folder's package.json names a package, so that it gets the one that is installed: a file, an address or a
 * workspace as the nearest package.json has it, else the version.
 *
 * @param version of what is installed, as a range
 */
export function installedSpec(name: string, version: string, folder: string, root: string): string {
  for (let at = folder; ; at = dirname(at)) {
    const spec = declaredPackages(at).get(name)
    if (spec !== undefined) return isRange(spec) ? version : rebased(spec, at, folder)
    if (at === root || at === dirname(at)) return version
  }
}

/** A version, a range or a tag: neither a path nor something with a protocol. */
const isRange = (spec: string): boolean => !/[/:]/.test(spec)

/** A path is relative to the package.json in which it stands. */
function rebased(spec: string, from: string, to: string): string {
  const match = /^(file:|link:|portal:)(.+)$/.exec(spec) ?? /^()(\.{1,2}\/.+)$/.exec(spec)
  const [, protocol, path] = match ?? []
  if (path === undefined || isAbsolute(path)) return spec
  return `${protocol || 'file:'}${relativePath(to, resolve(from, path))}`
}
