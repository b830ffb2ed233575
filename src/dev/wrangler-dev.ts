import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { environmentFile, type Variables } from './environment.ts'
import { StartError } from './start-error.ts'

interface WranglerDevOptions {
  /** Where wrangler.toml is. */
  readonly directory: string
  readonly port: number
  /** What the Worker finds in its environment. */
  readonly variables: Variables
  /** What wrangler and its build find in theirs, beside ours. */
  readonly environment: Variables
  /** Gets each line that wrangler and the Worker print. */
  readonly onLine: (line: string, from: 'stdout' | 'stderr') => void
}

/** A running `wrangler dev`: the real Worker in workerd. */
export interface WranglerDev {
  /** Resolves when it has ended by itself or was closed. */
  readonly exited: Promise<void>
  /** Ends it and everything it started: SIGTERM, then SIGKILL for what is left. */
  close(): Promise<void>
}

/** How long wrangler may take to end by itself, in ms. workerd ignores SIGTERM while a request hangs. */
const graceMs = 2000

/** Starts the project's own wrangler, or ours when it has none. */
export function startWranglerDev(options: WranglerDevOptions): WranglerDev {
  const program = wranglerProgram(options.directory)
  // Last of all that may throw: who would remove the file?
  const secrets = writeSecrets(options.variables)
  const child = spawn(process.execPath, ['--no-warnings', program, ...devArguments(options, secrets.path)], {
    cwd: options.directory,
    env: { ...process.env, ...options.environment, ...quiet },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own, so that nobody of the family is left behind. Ctrl-C reaches it through us.
    detached: true,
  })
  function endNow(): void {
    process.off('exit', endNow)
    signalGroup(child, 'SIGKILL')
    secrets.remove()
  }
  // Also when this process ends before anybody could close it.
  process.on('exit', endNow)
  passLines(child, options.onLine)
  const exited = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  }).then(endNow)
  return {
    exited,
    async close() {
      signalGroup(child, 'SIGTERM')
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Nothing asked at the terminal, nothing sent, nothing fetched from Cloudflare: it works without a network. */
const quiet = {
  CI: 'true',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV: 'true',
  WRANGLER_SEND_METRICS: 'false',
}

function devArguments({ port }: WranglerDevOptions, environmentFilePath: string): string[] {
  return [
    'dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--env-file=${environmentFilePath}`,
    '--show-interactive-dev-session=false',
  ]
}

/** bin/wrangler.js only starts this file in another process. */
function wranglerProgram(directory: string): string {
  for (const from of [join(directory, 'package.json'), import.meta.filename]) {
    try {
      const manifest = createRequire(from).resolve('wrangler/package.json')
      return join(dirname(manifest), 'wrangler-dist', 'cli.js')
    } catch {
      // The next one.
    }
  }
  throw new StartError('wrangler is not installed: npm install -D wrangler')
}

/** A file that only this user can read: on the command line `ps` would show the secrets to everybody. */
function writeSecrets(variables: Variables): { path: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'edge-health-'))
  const path = join(directory, 'variables')
  const remove = () => rmSync(directory, { recursive: true, force: true })
  try {
    writeFileSync(path, environmentFile(variables), { mode: 0o600 })
    return { path, remove }
  } catch (error) {
    remove()
    throw error instanceof RangeError ? new StartError(error.message) : error
  }
}

function passLines(child: ChildProcess, onLine: WranglerDevOptions['onLine']): void {
  for (const from of ['stdout', 'stderr'] as const) {
    const stream = child[from]
    if (!stream) continue
    createInterface({ input: stream }).on('line', (line) => onLine(stripVTControlCharacters(line), from))
  }
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody is left.
  }
}
