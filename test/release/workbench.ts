import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BinResult, runProgram } from '../cli/run-bin.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/** An empty folder that is gone after the test. */
interface Workbench {
  readonly folder: string
  remove(): void
}

export function createWorkbench(): Workbench {
  const folder = mkdtempSync(join(tmpdir(), 'edge-health-package-'))
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Runs a program and fails with all that it printed when its exit code is another one. */
export async function expectExit(
  exitCode: number,
  program: string,
  args: readonly string[],
  options: { cwd: string; path: string },
): Promise<BinResult> {
  // The whole environment, since it says how to reach the registry; but the terminal of a person is not CI, where pnpm
  // refuses to write the lock file.
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => Boolean(entry[1]) && entry[0] !== 'CI',
  )
  const quiet = { npm_config_update_notifier: 'false', WRANGLER_SEND_METRICS: 'false' }
  const env = { ...Object.fromEntries(inherited), ...quiet, PATH: options.path }
  const result = await runProgram(program, args, { cwd: options.cwd, env })
  if (result.exitCode !== exitCode) {
    const { stdout, stderr } = result
    throw new Error(`${program} ${args.join(' ')}: exit code ${result.exitCode}\n${stdout}\n${stderr}`)
  }
  return result
}

const isSource = (path: string) => basename(path) !== 'node_modules'

/** Packs a copy of this repository, since packing builds, and other tests read what is built. Returns the tarball's path. */
export async function packRepository(folder: string): Promise<string> {
  const copy = join(folder, 'repository')
  mkdirSync(copy)
  for (const name of ['src', 'package.json', 'README.md', 'LICENSE', 'tsconfig.json', 'test', 'example']) {
    if (readdirSync(repository).includes(name))
      cpSync(join(repository, name), join(copy, name), { recursive: true, filter: isSource })
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'))
  await expectExit(0, 'npm', ['pack', '--silent'], { cwd: copy, path: systemPath() })
  const [tarball] = readdirSync(copy).filter((name) => name.endsWith('.tgz'))
  if (!tarball) throw new Error('npm pack left no tarball')
  return join(copy, tarball)
}

/** The PATH without anything of this repository, as another project has it. */
function systemPath(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.filter((folder) => !folder.includes('node_modules')).join(delimiter)
}

/** The PATH of a project whose `node` is the one that runs this test. */
export function pathWithThisNode(folder: string): string {
  const bin = join(folder, 'node-bin')
  mkdirSync(bin, { recursive: true })
  symlinkSync(process.execPath, join(bin, 'node'))
  return [bin, systemPath()].join(delimiter)
}

/** The PATH of a project whose `node` is this version, from the registry. */
export async function pathWithNode(folder: string, version: string): Promise<string> {
  const prefix = join(folder, `node-${version}`)
  const bin = join(prefix, 'node_modules', '.bin')
  const path = systemPath()
  if (!existsSync(bin)) {
    const install = ['install', '--prefer-offline', '--no-audit', '--prefix', prefix, `node@${version}`]
    await expectExit(0, 'npm', install, { cwd: folder, path })
  }
  return [bin, path].join(delimiter)
}

/** Installs what the folder's package.json says, and more; from npm's cache where it has it. */
export const npmInstall = (cwd: string, path: string, ...more: string[]): Promise<BinResult> =>
  expectExit(0, 'npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', ...more], { cwd, path })
