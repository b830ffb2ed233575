import { existsSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ChildMessage } from './run-project-code.ts'

/** Files of the project that were loaded here; packages are left out: their versions are in the lock file. */
const loaded = new Set<string>()

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:') && !url.includes('/node_modules/'))
      loaded.add(fileURLToPath(url.split('?')[0] ?? url))
    return nextLoad(url, context)
  },
})

/** Imports a file of the project; what a CommonJS module exports counts as exported by name. */
export async function importFile(file: string): Promise<Record<string, unknown>> {
  const module: Record<string, unknown> = await import(pathToFileURL(file).href)
  const commonJs = module['default']
  return isRecord(commonJs) && commonJs['__esModule'] === true ? { ...module, ...commonJs } : module
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Runs the program of a child process: its input is the first argument, its answer goes to the parent. */
export async function answerParent<I, T>(program: (input: I) => Promise<T>): Promise<void> {
  // Whoever asked is gone. Not by a handle that would keep a program alive that has come to its end.
  process.once('disconnect', () => process.exit())
  process.channel?.unref()
  let message: ChildMessage<T>
  try {
    const value = await program(JSON.parse(process.argv[2] ?? 'null'))
    message = { value, loaded: [...new Set([...loaded, ...loadedAsCommonJs()])] }
  } catch (error) {
    message = { thrown: error instanceof Error ? firstLines(error.message) : String(error) }
  }
  process.send?.(message)
}

/** What CommonJS modules require from each other passes by the hook. */
function loadedAsCommonJs(): string[] {
  return Object.keys(createRequire(import.meta.url).cache)
    .map((path) => path.split('?')[0] ?? path)
    .filter((path) => !path.includes('/node_modules/') && existsSync(path))
}

function firstLines(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').slice(0, 500)
}
