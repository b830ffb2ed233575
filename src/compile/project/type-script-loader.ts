import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * The path of tsx, which comes with drizzle-kit 0.31: that of the first place that has one, so that a project's TypeScript
 * runs as in its own drizzle-kit.
 * @param places files from which packages are resolved
 * @returns undefined when it is nowhere
 */
export function findTypeScriptLoader(places: readonly string[]): string | undefined {
  for (const place of places) {
    const path = resolveFrom(resolveFrom(place, 'drizzle-kit') ?? place, 'tsx') ?? resolveFrom(place, 'tsx')
    if (path !== undefined) return path
  }
  return undefined
}

/**
 * The arguments with which Node runs a project's TypeScript: with tsx, else by itself. drizzle-kit 1.0 brings a loader
 * inside its own file.
 */
export function typeScriptArguments(places: readonly string[]): string[] {
  const loader = findTypeScriptLoader(places)
  if (loader !== undefined) return ['--import', pathToFileURL(loader).href]
  const known = (flag: string) => process.allowedNodeEnvironmentFlags.has(flag)
  return ['--experimental-transform-types', '--experimental-strip-types'].filter(known).slice(0, 1)
}

function resolveFrom(file: string, name: string): string | undefined {
  try {
    return createRequire(file).resolve(name)
  } catch {
    return undefined
  }
}
