import { relative, resolve } from 'node:path'
import { stderr } from 'node:process'
import { compileExpectedSchema } from '../../compile/compile.ts'
import { CompileError, messageOf } from '../../compile/compile-error.ts'
import { type CompileOptions, defaultOutput } from '../../compile/options.ts'
import { keepBuild, keptLastBuild, lastBuildVariable, restoreBuild } from './last-build.ts'

/**
 * `edge-health compile`: what was made goes to stdout, everything else to stderr, one line each.
 * @returns the exit code: 0 done, or the last build put back for `edge-health start`; 1 with a sentence on stderr
 */
export async function compile(options: CompileOptions): Promise<number> {
  const kept = process.env[lastBuildVariable]
  try {
    const { changed, output, summary, notes, warnings } = await compileExpectedSchema({
      onProgress: stderr.isTTY ? showProgress : undefined,
      ...options,
    })
    clearProgress()
    for (const note of notes) console.error(note)
    for (const warning of warnings) console.error(`Warning: ${warning}`)
    if (kept) keepBuild(kept, output)
    console.log(`${relative('', output)} ${changed ? 'written' : 'unchanged'}: ${summary}`)
    return 0
  } catch (error) {
    clearProgress()
    if (!(error instanceof CompileError)) throw error
    const [sentence = ''] = messageOf(error).split('\n')
    if (kept && restoreBuild(kept, resolve(options.output ?? defaultOutput), sentence)) {
      console.error(`${keptLastBuild}${sentence}`)
      return 0
    }
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
