/**
 * Mutation testing: changes what decides, one small change after the other, and says which of them no test notices.
 *
 * npm run test:mutation -- --help
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installOnce, provideTestPackages } from '../servers/npm-packages.ts'
import { type Room, rooms } from './rooms.ts'
import { minScore, readProgress, summarize } from './summary.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = resolve(here, '../..')
const stryker = join(here, 'node_modules/@stryker-mutator/core/bin/stryker.js')
const sandbox = `.stryker-tmp/${process.pid}`
const runner = join(here, 'node_modules/@stryker-mutator/vitest-runner/dist/src/index.js')

const usage = `npm run test:mutation -- [--room NAME ...] [--since COMMIT] [--minutes N] [--workers N]

Changes the source of every room (${rooms.map(({ name }) => name).join(', ')}), runs the tests beside it for each change,
and prints the score and the changes that no test noticed.

  --room NAME      Only this room; may be repeated
  --since COMMIT   Only files that differ from this commit
  --minutes N      Stop after this time, and say how many changes were not tried
  --workers N      How many changes are tried at the same time (${availableParallelism()})
  --help           Show this help

It exits with 1 when a score is below ${minScore}, or when a change that is not in accepted.json was not noticed. What was
not tried for want of time fails nothing.`

function main(args: readonly string[]): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      room: { type: 'string', multiple: true },
      since: { type: 'string' },
      minutes: { type: 'string', default: 'Infinity' },
      workers: { type: 'string', default: `${availableParallelism()}` },
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
  const minutes = Number(values.minutes)
  const workers = Number(values.workers)
  if (!(minutes > 0 && workers >= 1)) {
    console.error(`error: --minutes is above 0, and --workers 1 at least.\n\n${usage}`)
    return 2
  }
  const limits = { endAt: Date.now() + minutes * 60_000, workers }
  const changed = values.since === undefined ? undefined : changedSince(values.since)
  if (changed === 'unknown') {
    console.error(`error: git does not know the commit ${values.since}: a clone of depth 1 has no other.`)
    return 2
  }
  const chosen = rooms
    .filter(({ name }) => values.room?.includes(name) ?? true)
    .map((room) => ({ ...room, files: filesOf(room).filter((file) => changed?.has(file) ?? true) }))
    .filter(({ files }) => files.length > 0)
  if (chosen.length === 0) {
    console.log(`No file of a room differs from ${values.since}.`)
    return 0
  }
  // Not with the others: sixty megabytes that few need.
  installOnce(here)
  provideTestPackages()
  return Math.max(...chosen.map((room) => runRoom(room, limits)))
}

const filesOf = ({ source }: Room): readonly string[] => globSync([...source], { cwd: root })

interface Limits {
  /** Epoch ms at which everything is stopped; Infinity where nothing is. */
  readonly endAt: number
  /** How many changes are tried at the same time. */
  readonly workers: number
}

/** @returns the exit code */
function runRoom({ name, tests, files }: Room & { files: readonly string[] }, limits: Limits): number {
  const leftMs = limits.endAt - Date.now()
  if (leftMs <= 0) return print(name, '')
  const folder = mkdtempSync(join(tmpdir(), 'edge-health-mutation-'))
  try {
    const results = join(folder, 'results.jsonl')
    const config = join(folder, 'stryker.json')
    writeFileSync(results, '')
    writeFileSync(config, JSON.stringify(strykerConfig(files, limits.workers)))
    const { status, signal } = spawnSync(process.execPath, [stryker, 'run', config], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, MUTATION_TESTS: tests.join('\n'), MUTATION_RESULTS: results },
      timeout: Number.isFinite(leftMs) ? leftMs : undefined,
    })
    const isStopped = Date.now() >= limits.endAt
    if (status !== 0 && !isStopped) {
      console.error(`${name}: the mutation tests could not be run${signal === null ? '' : ` (${signal})`}`)
      return 2
    }
    return print(name, readFileSync(results, 'utf8'))
  } finally {
    // Stryker leaves its copy of the project where it is stopped.
    for (const left of [folder, join(root, sandbox)]) rmSync(left, { recursive: true, force: true })
  }
}

/** https://stryker-mutator.io/docs/stryker-js/configuration/ */
const strykerConfig = (files: readonly string[], workers: number) => ({
  testRunner: 'vitest',
  plugins: [runner, join(here, 'reporter.ts')],
  vitest: { configFile: relative(root, join(here, 'vitest.config.ts')), related: false },
  mutate: files,
  coverageAnalysis: 'perTest',
  concurrency: workers,
  // A change may make an endless loop; the tests themselves take milliseconds.
  timeoutMS: 20_000,
  reporters: ['lines'],
  tempDirName: sandbox,
  // It asks a TypeScript before version 7 to rewrite the one that it finds.
  tsconfigFile: 'there-is-none.json',
  ignorePatterns: ['dist', 'bench', '.wrangler', '.ci', 'test/mutation/node_modules'],
  warnings: false,
})

function changedSince(commit: string): ReadonlySet<string> | 'unknown' {
  const args = ['diff', '--name-only', commit, '--']
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? new Set(stdout.split('\n')) : 'unknown'
}

/** @returns the exit code */
function print(name: string, results: string): number {
  const accepted: readonly { change: string }[] = JSON.parse(
    readFileSync(join(here, 'accepted.json'), 'utf8'),
  )
  const { lines, exitCode } = summarize(
    name,
    readProgress(results, root),
    accepted.map(({ change }) => change),
    (file) => readFileSync(join(root, file), 'utf8'),
  )
  console.log(lines.join('\n'))
  return exitCode
}

process.exitCode = main(process.argv.slice(2))
