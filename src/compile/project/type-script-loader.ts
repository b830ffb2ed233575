import { createRequire } from 'node:module'

/**
 * The path of tsx, which comes with drizzle-kit: that of the first place that has one, so that a project's TypeScript
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

function resolveFrom(file: string, name: string): string | undefined {
  try {
    return createRequire(file).resolve(name)
  } catch {
    return undefined
  }
}
