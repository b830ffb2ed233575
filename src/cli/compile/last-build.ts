import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { replaceFile } from '../../compile/write-file.ts'

/**
 * Names the file in which a compile keeps its output, so that a later one that fails can put it back. `edge-health start`
 * sets it for wrangler's build: when that fails, wrangler answers no request until the next one.
 */
export const lastBuildVariable = 'EDGE_HEALTH_LAST_BUILD'

/** Begins the line that says why the last build was put back. */
export const keptLastBuild = 'The last build is still served: '

/** Keeps the output of a compile. */
export const keepBuild = (kept: string, output: string): void => copyFileSync(output, kept)

/**
 * Puts the kept output back. The reason why the newer build failed goes into it, and the migrations check shows it.
 *
 * @returns whether there was one
 */
export function restoreBuild(kept: string, output: string, reason: string): boolean {
  if (!existsSync(kept)) return false
  const last: object = JSON.parse(readFileSync(kept, 'utf8'))
  replaceFile(output, `${JSON.stringify({ ...last, newerBuildFailed: reason })}\n`)
  return true
}
