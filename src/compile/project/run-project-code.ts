import { type ChildProcess, fork } from 'node:child_process'
import { stripVTControlCharacters } from 'node:util'
import type { Scrub } from '../../core/scrub.ts'
import { readDotEnvFiles } from './environment.ts'
import { packageDirectory } from './package-directory.ts'
import { createProjectScrub } from './project-scrub.ts'
import { typeScriptArguments } from './type-script-loader.ts'

/** What a child process answers, or why it did not: one line, without what looks like a credential. */
export type ChildAnswer<T> =
  | { readonly answered: true; readonly value: T; readonly loaded: readonly string[] }
  | {
      readonly answered: false
      readonly reason: string
      /** Environment variables that it read and that are not set. */
      readonly unset: readonly string[]
    }

/** What a child sends: its answer and the files it loaded, or the message of what was thrown; before, what it misses. */
export type ChildMessage<T> = { value: T; loaded: string[] } | { thrown: string } | { unset: string }

const timeoutMs = 60_000
/** How long to wait for the last output of an ended child: processes that it started may hold its pipes for ever. */
const lastOutputMs = 1000
const keptOutput = 20_000

/**
 * Runs a program of this package that imports the project's code, in a process of its own: that code may print, throw, exit or
 * wait for ever, and it may be TypeScript in any module format. It runs where the project's own commands run, with the
 * `.env` files that drizzle-kit reads there or in a root.
 * @param signal ends the child
 * @param program file of this package, gets `input` as JSON in its first argument
 * @param projectFile a file of the project, from which packages are resolved
 */
export async function runProjectCode<T>(
  program: string,
  projectFile: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<ChildAnswer<T>> {
  const directory = packageDirectory(projectFile)
  const dotEnv = readDotEnvFiles(projectFile)
  const child = fork(program, [JSON.stringify(input)], {
    cwd: directory,
    env: { ...dotEnv, ...process.env },
    execArgv: [...typeScriptArguments([projectFile, import.meta.filename]), '--no-warnings'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    killSignal: 'SIGKILL',
    ...(signal && { signal }),
  })
  try {
    return await answerOf<T>(child, createProjectScrub(dotEnv))
  } finally {
    // The project's code may hold sockets or timers open, and listen to other signals.
    child.kill('SIGKILL')
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
}

function answerOf<T>(child: ChildProcess, scrub: Scrub): Promise<ChildAnswer<T>> {
  const unset: string[] = []
  const noAnswer = (reason: string): ChildAnswer<never> => {
    // The path of a file is not a secret, and often the only hint.
    return { answered: false, reason: scrub(reason.replaceAll('file://', '')), unset }
  }
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
      if ('unset' in message) unset.push(message.unset)
      else resolve('thrown' in message ? noAnswer(message.thrown) : { answered: true, ...message })
    })
    child.on('error', (error) => resolve(noAnswer(error.message)))
    const ended = (code: number | null) => resolve(noAnswer(endedReason(code, printed)))
    child.on('close', ended)
    // Unreferenced: nothing waits for it once the answer is there.
    child.on('exit', (code) => timers.push(setTimeout(ended, lastOutputMs, code).unref()))
  })
  return answer.finally(() => timers.forEach(clearTimeout))
}

function endedReason(code: number | null, printed: string): string {
  const lines = stripVTControlCharacters(printed)
    .split('\n')
    .map((line) => line.trim())
  const last = lines.filter((line) => line !== '').at(-1)
  const ended = code === null ? 'it was ended by a signal' : `it ended the process with exit code ${code}`
  return last === undefined ? ended : `${ended} after printing "${last.slice(0, 200)}"`
}
