import module from 'node:module'
import { pathToFileURL } from 'node:url'
import { isRecord } from '../../core/is-record.ts'
import { installModuleHooks, loadedFiles } from './module-hooks.ts'
import type { ChildMessage } from './run-project-code.ts'
import { watchUnsetVariables } from './unset-variables.ts'

// drizzle-kit is megabytes of code.
module.enableCompileCache?.()
installModuleHooks()

/** Imports a file of the project; what a CommonJS module exports counts as exported by name. */
export async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href)
  const commonJs = exported['default']
  return isRecord(commonJs) && commonJs['__esModule'] === true ? { ...exported, ...commonJs } : exported
}

/** Runs the program of a child process: its input is the first argument, its answer goes to the parent. */
export async function answerParent<I, T>(program: (input: I) => Promise<T>): Promise<void> {
  // The parent has ended. The channel is unreferenced so that it does not keep a finished program alive.
  process.once('disconnect', () => process.exit())
  process.channel?.unref()
  watchUnsetVariables((unset) => process.send?.({ unset } satisfies ChildMessage<T>))
  let message: ChildMessage<T>
  try {
    const value = await program(JSON.parse(process.argv[2] ?? 'null'))
    message = { value, loaded: loadedFiles() }
  } catch (error) {
    message = { thrown: error instanceof Error ? firstLines(error.message) : String(error) }
  }
  // The parent kills this process as soon as it has the answer, and nothing is kept at an end like that.
  module.flushCompileCache?.()
  process.send?.(message)
}

function firstLines(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ').slice(0, 500)
}
