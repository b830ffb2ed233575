import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { root } from './own-lambda.ts'

/** What stops a deploy: one sentence that says why and how to go on. */
export class DeployError extends Error {
  override readonly name = 'DeployError'
}

/**
 * Runs a command of an installed package, its output ours, in the top directory.
 * @throws {DeployError} when it ends with another code than 0
 */
export async function runTool(
  name: 'osls' | 'wrangler',
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve(`${name}/package.json`)
  const { bin }: { bin: string | Record<typeof name, string> } = require(manifest)
  const script = join(dirname(manifest), typeof bin === 'string' ? bin : bin[name])
  const child = spawn(process.execPath, [script, ...args], { cwd: root, env: environment, stdio: 'inherit' })
  const code = await new Promise((resolve, reject) => {
    child.once('exit', resolve)
    child.once('error', reject)
  })
  if (code !== 0) throw new DeployError(`${name} ${args[0]} ended with code ${code}; see what it said above.`)
}
