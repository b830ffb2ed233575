import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What single tests need and a clone does not bring: a folder here with a package.json and a lock file of its own. */
type PackagesFolder = 'runtimes' | 'postgres-versions'

const pathOf = (folder: string) => fileURLToPath(new URL(folder, import.meta.url))

/** What the tests and their types need and a clone does not bring, because the function does not need it. */
const ofAllTests = ['..', '../drizzle-1'].map(pathOf)

/** Installs what all tests need, unless that was done before. @throws {Error} what npm printed */
export const provideTestPackages = (): void => ofAllTests.forEach(installOnce)

/** Path of a file of an installed package. */
export const packageFile = (folder: PackagesFolder, name: string, ...path: readonly string[]) =>
  join(pathOf(folder), 'node_modules', name, ...path)

/** Installs them, unless that was done before. @throws {Error} what npm printed */
export const provideNpmPackages = (folder: PackagesFolder): void => installOnce(pathOf(folder))

/** Installs what a directory's lock file says, unless that was done before. @throws {Error} what npm printed */
export function installOnce(directory: string): void {
  const lock = readFileSync(join(directory, 'package-lock.json'), 'utf8')
  // The whole lock file, written at the end: an installation that was stopped is not taken for one.
  const installed = join(directory, 'node_modules/.installed')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === lock) return
  console.log(`Installing the packages of ${relative(process.cwd(), directory)}`)
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: directory,
    stdio: 'inherit',
  })
  writeFileSync(installed, lock)
}
