import { createRequire } from 'node:module'
import { isMissing } from '../is-missing.ts'
import type { Layout } from '../migrations/read-migrations.ts'
import { versions } from '../package-info.ts'

/** An installed drizzle-kit: where its programmatic interface is, and of which generation it is. */
export interface DrizzleKit {
  readonly api: string
  readonly generation: '0.31' | '1.0'
}

/**
 * The project's drizzle-kit, so that its snapshot is of the version that made the others; ours when it has none.
 *
 * @returns a public sentence where there is none that reads the layout
 */
export function findDrizzleKit(
  projectFile: string,
  layout: Layout,
): DrizzleKit | { readonly reason: string } {
  for (const place of [projectFile, import.meta.filename]) {
    const kit = kitFrom(place)
    if (kit === undefined) continue
    if (kit === 'unknown') {
      return { reason: "the project's drizzle-kit has no drizzle-kit/api and no drizzle-kit/api-postgres" }
    }
    if (layout === 'folders' && kit.generation === '0.31') {
      return { reason: 'snapshots of Drizzle 1.0 need drizzle-kit 1.0: npm install -D drizzle-kit@rc' }
    }
    return kit
  }
  return { reason: `drizzle-kit is not installed: npm install -D drizzle-kit@${versions['drizzle-kit']}` }
}

/** 1.0 replaced `drizzle-kit/api` by one module for each dialect. */
const modules = [
  ['drizzle-kit/api-postgres', '1.0'],
  ['drizzle-kit/api', '0.31'],
] as const

function kitFrom(place: string): DrizzleKit | 'unknown' | undefined {
  const { resolve } = createRequire(place)
  let isInstalled = false
  for (const [name, generation] of modules) {
    try {
      return { api: resolve(name), generation }
    } catch (error) {
      isInstalled ||= !isMissing(error)
    }
  }
  return isInstalled ? 'unknown' : undefined
}
