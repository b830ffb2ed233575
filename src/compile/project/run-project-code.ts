import { type ChildProcess, fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { createScrub } from '../../core/scrub.ts'
import { versions } from '../package-info.ts'
import { findTypeScriptLoader } from './type-script-loader.ts'

/** What a child process answers, or why it did not: one line, without what looks like a credential. */
export type ChildAnswer<T> =
  | { readonly answered: true; readonly value: T; readonly loaded: readonly string[] }
  | { readonly answered: false; readonly reason: string }

/** What a child sends: its answer and the files it loaded, or the message of what was thrown. */
export type ChildMessage<T> = { value: T; loaded: string[] } | { thrown: string }

const timeoutMs = 60_000
/** How long the last words of an ended child are waited for: processes that it started may hold its pipes for ever. */
const lastWordsMs = 1000
const keptOutput = 20_000

/**
 * Runs a program of ours that imports the project's code, in a process of its own: that code may print, throw, exit or
 * wait for ever, and it may be TypeScript in any module format. It runs where the project's own commands run.
 * @param signal ends the child
 * @param program file of ours, gets `input` as JSON in its first argument
 * @param projectFile a file of the project, from which packages are resolved
 */
export async function runProjectCode<T>(
  program: string,
  projectFile: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<ChildAnswer<T>> {
  const loader = findTypeScriptLoader([projectFile, import.meta.filename])
  if (loader === undefined) return noAnswer(`tsx is not installed, which comes with drizzle-kit: ${install}`)
  const child = fork(program, [JSON.stringify(input)], {
    cwd: packageDirectory(projectFile),
    execArgv: ['--import', pathToFileURL(loader).href, '--no-warnings'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    killSignal: 'SIGKILL',
    ...(signal && { signal }),
  })
  try {
    return await answerOf<T>(child)
  } finally {
    // The project's code may hold sockets or timers open, and listen to other signals.
    child.kill('SIGKILL')
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

const install = `npm install -D drizzle-kit@${versions['drizzle-kit']}`

function answerOf<T>(child: ChildProcess): Promise<ChildAnswer<T>> {
  let printed = ''
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-keptOutput)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  const timers: NodeJS.Timeout[] = []
  const answer = new Promise<ChildAnswer<T>>((resolve) => {
    const late = () => resolve(noAnswer(`it was not done within ${timeoutMs / 1000} s`))
    timers.push(setTimeout(late, timeoutMs))
    child.on('message', (message: ChildMessage<T>) => {
      resolve('thrown' in message ? noAnswer(message.thrown) : { answered: true, ...message })
    })
    child.on('error', (error) => resolve(noAnswer(error.message)))
    const ended = (code: number | null) => resolve(noAnswer(endedReason(code, printed)))
    child.on('close', ended)
    // Unreferenced: whoever has the answer does not wait for it.
    child.on('exit', (code) => timers.push(setTimeout(ended, lastWordsMs, code).unref()))
  })
  return answer.finally(() => timers.forEach(clearTimeout))
}

const scrub = createScrub([])

function noAnswer(reason: string): ChildAnswer<never> {
  // The place of a file is no secret, and often all there is to go by.
  return { answered: false, reason: scrub(reason.replaceAll('file://', '')) }
}

function endedReason(code: number | null, printed: string): string {
  const lines = stripVTControlCharacters(printed)
    .split('\n')
    .map((line) => line.trim())
  const last = lines.filter((line) => line !== '').at(-1)
  const ended = code === null ? 'it was ended by a signal' : `it ended the process with exit code ${code}`
  return last === undefined ? ended : `${ended} after printing "${last.slice(0, 200)}"`
}

/** The directory of the nearest package.json at or above the file: where the project's own commands run. */
function packageDirectory(file: string): string {
  for (let directory = dirname(file); ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json'))) return directory
    if (directory === dirname(directory)) return dirname(file)
  }
}
