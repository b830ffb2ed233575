import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPython, pythonVariable } from './requirements.ts'

/** A Python with the newest Celery that its package index has, in an environment of its own; or why there is none. */
type NewestCelery =
  | { readonly python: string; readonly version: string; remove(): void }
  | { readonly missing: string }

/** Rows of a table of tests: all of them with the installed Celery, and these with the newest. */
export const rowsFor = <Row>(all: readonly Row[], newest: readonly Row[]): readonly Row[] =>
  process.env[pythonVariable] === undefined ? all : newest

/** No index may keep the tests waiting for longer, in ms. */
const patienceMs = 60_000

const versionOf = (python: string) =>
  run(python, '-c', 'import celery, redis; print(celery.__version__)').trim()

/**
 * Debian's packages show through, so that only what is newer comes from the index.
 *
 * @example
 * const celery = installNewestCelery()
 * if ('missing' in celery) console.warn(celery.missing)
 */
export function installNewestCelery(): NewestCelery {
  const installed = findPython()
  const directory = mkdtempSync(join(tmpdir(), 'health-newest-celery-'))
  const remove = () => rmSync(directory, { recursive: true, force: true })
  const python = join(directory, 'bin', 'python')
  try {
    const oldVersion = versionOf(installed)
    run(installed, '-m', 'venv', '--system-site-packages', directory)
    const quickly = ['--quiet', '--retries', '0', '--timeout', '10']
    run(python, '-m', 'pip', 'install', ...quickly, `celery>${oldVersion}`)
    return { python, version: versionOf(python), remove }
  } catch (error) {
    remove()
    const reason = error instanceof Error ? lastLine(error) : String(error)
    return { missing: `No newer Celery than ${versionOf(installed)} could be installed: ${reason}` }
  }
}

const run = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe', timeout: patienceMs })

/** pip says at the end why it gave up. */
function lastLine(error: Error & { stderr?: unknown }): string {
  const said = String(error.stderr ?? '')
    .trim()
    .split('\n')
  return said.at(-1) || error.message
}
