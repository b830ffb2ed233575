import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The bin as it stands in this repository. */
export const bin = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

export interface BinResult {
  readonly exitCode: number | null
  readonly stdout: string
  readonly stderr: string
}

interface BinOptions {
  /** Added to an environment that has nothing but PATH and HOME. */
  readonly env?: Record<string, string>
  readonly cwd?: string
  readonly onStart?: (child: ChildProcess) => void
}

/** Runs the bin with pipes for its outputs, as a pipeline does. */
export function runBin(args: readonly string[], options: BinOptions = {}): Promise<BinResult> {
  return runProgram(process.execPath, [bin, ...args], options)
}

export function runProgram(
  program: string,
  args: readonly string[],
  { env, cwd, onStart }: BinOptions = {},
): Promise<BinResult> {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(program, args, { cwd, env: { PATH, HOME, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  onStart?.(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }))
  })
}
