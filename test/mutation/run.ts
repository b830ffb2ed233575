/**
 * Mutation testing: changes what decides, one small change after the other, and says which of them no test notices.
 *
 * npm run test:mutation -- --help
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Room, rooms } from './rooms.ts'
import { type Mutant, survivorsOf, tally } from './score.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = resolve(here, '../..')
const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js')
const runner = join(here, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')

/** What a room has to reach; what is missing to 1 is listed in accepted.json, with the reason. */
const minScore = 0.92

const usage = `npm run test:mutation -- [--room NAME ...] [--since COMMIT]

Changes the source of every room (${rooms.map(({ name }) => name).join(', ')}), runs the tests beside it for each change,
and prints the score and the changes that no test noticed.

  --room NAME      Only this room; may be repeated
  --since COMMIT   Only files that differ from this commit
  --help           Show this help

It exits with 1 when a score is below ${minScore}, or when a change that is not in accepted.json was not noticed.`

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      room: { type: 'string', multiple: true },
      since: { type: 'string' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const unknown = values.room?.find((name) => !rooms.some((room) => room.name === name))
  if (unknown !== undefined) {
    console.error(`error: there is no room ${unknown}.\n\n${usage}`)
    return 2
  }
  // Not with the others: sixty megabytes that few need.
  if (!existsSync(stryker)) execFileSync('npm', ['ci'], { cwd: here, stdio: 'inherit' })
  const chosen = rooms.filter(({ name }) => values.room?.includes(name) ?? true)
  const codes = chosen.map((room) => runRoom(room, values.since))
  return Math.max(0, ...codes)
}

/** @returns the exit code */
function runRoom({ name, source, tests }: Room, since: string | undefined): number {
  const changed = since === undefined ? undefined : changedSince(since)
  const files = globSync([...source], { cwd: root }).filter((file) => changed?.has(file) ?? true)
  if (files.length === 0) return 0
  const folder = mkdtempSync(join(tmpdir(), 'edge-health-mutation-'))
  try {
    const report = join(folder, 'report.json')
    const config = join(folder, 'stryker.json')
    writeFileSync(config, JSON.stringify(strykerConfig(files, report)))
    const { status } = spawnSync(process.execPath, [stryker, 'run', config], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, MUTATION_TESTS: tests.join('\n') },
    })
    if (status !== 0 || !existsSync(report)) {
      console.error(`${name}: the mutation tests could not be run`)
      return 2
    }
    return print(name, JSON.parse(readFileSync(report, 'utf8')).files)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** https://stryker-mutator.io/docs/stryker-js/configuration/ */
const strykerConfig = (files: readonly string[], report: string) => ({
  testRunner: 'vitest',
  plugins: [runner],
  vitest: { configFile: relative(root, join(here, 'vitest.config.ts')), related: false },
  mutate: files,
  coverageAnalysis: 'perTest',
  concurrency: availableParallelism(),
  // A change may make an endless loop; the tests themselves take milliseconds.
  timeoutMS: 20_000,
  reporters: ['json'],
  jsonReporter: { fileName: report },
  // It asks a TypeScript before version 7 to rewrite the one that it finds.
  tsconfigFile: 'there-is-none.json',
  ignorePatterns: ['dist', 'bench', '.wrangler', '.ci', 'test/mutation/node_modules'],
  warnings: false,
})

function changedSince(commit: string): ReadonlySet<string> {
  const names = execFileSync('git', ['diff', '--name-only', commit, '--'], { cwd: root, encoding: 'utf8' })
  return new Set(names.split('\n'))
}

function print(
  name: string,
  files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>,
): number {
  const { noticed, all } = tally(Object.values(files).flatMap(({ mutants }) => mutants))
  const accepted: readonly { change: string }[] = JSON.parse(
    readFileSync(join(here, 'accepted.json'), 'utf8'),
  )
  const survivors = Object.entries(files).flatMap(([file, { mutants }]) =>
    survivorsOf(file, mutants, readFileSync(join(root, file), 'utf8')),
  )
  const open = survivors.filter((survivor) => !accepted.some(({ change }) => change === survivor))
  const score = all === 0 ? 1 : noticed / all
  console.log(`${name}: ${noticed} of ${all} changes noticed, ${score.toFixed(3)}`)
  for (const survivor of open) console.log(`  not noticed: ${survivor}`)
  return score < minScore || open.length > 0 ? 1 : 0
}

process.exitCode = main(process.argv.slice(2))
