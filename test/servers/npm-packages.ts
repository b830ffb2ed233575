import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRunning } from './process.ts'

/** What single tests need and `npm ci` does not bring: a folder here with a package.json and a lock file of its own. */
type PackagesFolder = 'runtimes' | 'postgres-versions'

const pathOf = (folder: string) => fileURLToPath(new URL(folder, import.meta.url))

/** What the tests and their types need and `npm ci` does not bring, because the function does not need it. */
const ofAllTests = ['..', '../drizzle-1'].map(pathOf)

/** Installs what all tests need, unless that was done before. @throws {Error} what npm printed */
export const provideTestPackages = (): void => ofAllTests.forEach(installOnce)

/** Path of a file of an installed package. */
export const packageFile = (folder: PackagesFolder, name: string, ...path: readonly string[]) =>
  join(pathOf(folder), 'node_modules', name, ...path)

/** Installs them, unless that was done before. @throws {Error} what npm printed */
export const provideNpmPackages = (folder: PackagesFolder): void => installOnce(pathOf(folder))

/**
 * Installs what a directory's lock file says, unless that was done before; when another process is about to, waits for it.
 *
 * @throws {Error} one sentence, below what npm printed
 */
export function installOnce(directory: string): void {
  const lock = readFileSync(join(directory, 'package-lock.json'), 'utf8')
  // The whole lock file, written at the end: an installation that was stopped is not taken for one.
  const installed = join(directory, 'node_modules/.installed')
  const isInstalled = () => existsSync(installed) && readFileSync(installed, 'utf8') === lock
  if (isInstalled()) return
  const release = waitForTurn(join(directory, '.installing'))
  try {
    if (isInstalled()) return
    console.log(`Installing the packages of ${relative(process.cwd(), directory)}`)
    execFileSync('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: directory,
      stdio: 'inherit',
    })
    writeFileSync(installed, lock)
  } catch (cause) {
    const packages = `the packages of ${relative(process.cwd(), directory)}`
    throw new Error(`npm could not install ${packages} (see above); it needs a network, once`, { cause })
  } finally {
    release()
  }
}

/** One process at a time: the others wait while the one that made the file lives. @returns gives the turn back */
function waitForTurn(file: string): () => void {
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return () => rmSync(file, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    if (isRunning(ownerOf(file))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    else rmSync(file, { force: true })
  }
}

/** The process that made the file; this one while it has not said so yet, or is gone already. */
function ownerOf(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || process.pid
  } catch {
    return process.pid
  }
}
