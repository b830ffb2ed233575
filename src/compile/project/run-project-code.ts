import { fork } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

/** What a child process answers, or why it did not. */
export type ChildAnswer<T> =
  | { readonly answered: true; readonly value: T; readonly loaded: readonly string[] }
  | { readonly answered: false; readonly reason: string }

/** What a child sends: its answer and the files it loaded, or the message of what was thrown. */
export type ChildMessage<T> = { value: T; loaded: string[] } | { thrown: string }

const timeoutMs = 60_000
const keptOutput = 20_000

/**
 * Runs a program of ours that imports the project's code, in a process of its own: that code may print, throw, exit or
 * wait for ever, and it may be TypeScript in any module format. It runs where the project's own commands run.
 * @param signal ends the child
 * @param program file of ours, gets `input` as JSON in its first argument
 * @param projectFile a file of the project, from which packages are resolved
 */
export function runProjectCode<T>(
  program: string,
  projectFile: string,
  input: unknown,
  signal?: AbortSignal,
): Promise<ChildAnswer<T>> {
  const child = fork(program, [JSON.stringify(input)], {
    cwd: packageDirectory(projectFile),
    execArgv: ['--import', pathToFileURL(typeScriptLoader(projectFile)).href, '--no-warnings'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(signal && { signal }),
  })
  let printed = ''
  const keep = (chunk: Buffer) => {
    printed = (printed + chunk.toString()).slice(-keptOutput)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return new Promise((resolve) => {
    let answer: ChildAnswer<T> | undefined
    const timer = setTimeout(() => {
      answer ??= { answered: false, reason: `it was not done within ${timeoutMs / 1000} s` }
      child.kill('SIGKILL')
    }, timeoutMs)
    child.on('message', (message: ChildMessage<T>) => {
      answer =
        'thrown' in message ? { answered: false, reason: message.thrown } : { answered: true, ...message }
      // The project's code may hold sockets or timers open, and listen to other signals.
      child.kill('SIGKILL')
    })
    child.on('error', (error) => {
      answer ??= { answered: false, reason: error.message }
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      resolve(answer ?? { answered: false, reason: endedReason(code, printed) })
    })
  })
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

/** tsx comes with drizzle-kit: the project's, so that its TypeScript runs as in drizzle-kit, else ours. */
function typeScriptLoader(projectFile: string): string {
  for (const from of [projectFile, import.meta.filename]) {
    try {
      const kit = createRequire(from).resolve('drizzle-kit')
      return createRequire(kit).resolve('tsx')
    } catch {
      // The next one.
    }
  }
  return createRequire(import.meta.filename).resolve('tsx')
}
