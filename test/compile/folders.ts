import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** A temporary directory with these files (path to text), removed when the test is over. */
export function temporaryFolder(files: Record<string, string> = {}): string {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'health-compile-')))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  writeFiles(directory, files)
  return directory
}

export function writeFiles(directory: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true })
    writeFileSync(join(directory, path), text)
  }
}

/** The files of a folder in the journal layout: tags to SQL, one minute apart. */
export function journalFiles(
  migrations: Record<string, string>,
  journal: object = {},
): Record<string, string> {
  const entries = Object.keys(migrations).map((tag, idx) => ({
    idx,
    version: '7',
    when: 1_700_000_000_000 + idx * 60_000,
    tag,
    breakpoints: true,
  }))
  return {
    'meta/_journal.json': JSON.stringify({ version: '7', dialect: 'postgresql', entries, ...journal }),
    ...Object.fromEntries(Object.entries(migrations).map(([tag, sql]) => [`${tag}.sql`, sql])),
  }
}

/** A temporary folder of migrations in the journal layout. */
export function journalFolder(migrations: Record<string, string>, journal: object = {}): string {
  return temporaryFolder(journalFiles(migrations, journal))
}

/** A temporary directory that is a project of its own, with the packages that are installed here. */
export function temporaryProject(files: Record<string, string>): string {
  return projectWith('../../node_modules', files)
}

/** The same with drizzle-kit and drizzle-orm 1.0 and nothing else. */
export function temporaryProjectOn1(files: Record<string, string>): string {
  return projectWith('../drizzle-1/node_modules', files)
}

/** The same whose drizzle-orm, of no real version, reads every folder as these migrations. */
export function strangeProject(files: Record<string, string>, migrations: readonly object[]): string {
  const directory = temporaryFolder(files)
  writeFiles(join(directory, 'node_modules/drizzle-orm'), {
    'package.json': '{"name":"drizzle-orm","version":"9.9.9","exports":{"./migrator":"./migrator.cjs"}}',
    'migrator.cjs': `exports.readMigrationFiles = () => (${JSON.stringify(migrations)})`,
  })
  return directory
}

/** Instead of the drizzle-orm that a project has: the one that is installed here. */
export function installDrizzle(directory: string): void {
  const place = join(directory, 'node_modules/drizzle-orm')
  rmSync(place, { recursive: true, force: true })
  symlinkSync(fileURLToPath(new URL('../../node_modules/drizzle-orm', import.meta.url)), place)
}

function projectWith(packages: string, files: Record<string, string>): string {
  const directory = temporaryFolder({ 'package.json': '{"type":"module"}', ...files })
  symlinkSync(fileURLToPath(new URL(packages, import.meta.url)), join(directory, 'node_modules'))
  return directory
}

/** The same files below a directory. */
export function below(directory: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]))
}
