import { relative } from 'node:path'
import { stderr } from 'node:process'
import { compileExpectedSchema } from '../../compile/compile.ts'
import { CompileError, messageOf } from '../../compile/compile-error.ts'
import type { CompileOptions } from '../../compile/options.ts'

/**
 * `edge-health compile`: what was made goes to stdout, everything else to stderr, one line each.
 * @returns the exit code: 0 done, 1 with a sentence on stderr
 */
export async function compile(options: CompileOptions): Promise<number> {
  try {
    const { changed, output, summary, notes, warnings } = await compileExpectedSchema({
      onProgress: stderr.isTTY ? showProgress : undefined,
      ...options,
    })
    clearProgress()
    for (const note of notes) console.error(note)
    for (const warning of warnings) console.error(`Warning: ${warning}`)
    console.log(`${relative('', output)} ${changed ? 'written' : 'unchanged'}: ${summary}`)
    return 0
  } catch (error) {
    clearProgress()
    if (!(error instanceof CompileError)) throw error
    console.error(messageOf(error))
    return 1
  }
}

function showProgress(step: string): void {
  stderr.write(`\r\u001b[K${step} …`)
}

function clearProgress(): void {
  if (stderr.isTTY) stderr.write('\r\u001b[K')
}
