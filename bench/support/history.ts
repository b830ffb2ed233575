import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Figure } from './figure.ts'

export const historyFile = fileURLToPath(new URL('../history.jsonl', import.meta.url))

/** One run of the whole bench, a line of {@link historyFile}. */
export interface RecordedRun {
  /** `2026-11-26` */
  readonly day: string
  /** The first characters of the commit that was measured. */
  readonly commit: string
  /** What it ran on. Only runs on one machine say anything of each other. */
  readonly machine: string
  /** How much of its bound each figure used up, by what was measured: 1 is at the bound. */
  readonly shares: Readonly<Record<string, number>>
}

/** The first characters of the commit that is checked out. */
export const currentCommit = (): string =>
  execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { encoding: 'utf8' }).trim()

/**
 * Adds a run on this machine to the file.
 *
 * @param commit what was checked out when the run began
 */
export function recordRun(figures: readonly Figure[], commit: string, file = historyFile): RecordedRun {
  const shares = figures.flatMap(({ what, share }) =>
    share === undefined ? [] : [[what, Number(share.toFixed(3))] as const],
  )
  const run: RecordedRun = {
    day: new Date().toISOString().slice(0, 10),
    commit,
    machine: machineOf(cpus(), totalmem()),
    shares: Object.fromEntries(shares),
  }
  appendFileSync(file, `${JSON.stringify(run)}\n`)
  return run
}

/** `2 x Intel(R) Xeon(R) CPU, 24 GiB` */
export function machineOf(processors: readonly { readonly model: string }[], memoryBytes: number): string {
  const model = (processors[0]?.model ?? 'unknown').replaceAll(/\s+/g, ' ').trim()
  return `${processors.length} x ${model}, ${Math.round(memoryBytes / 2 ** 30)} GiB`
}

export function readHistory(file = historyFile): RecordedRun[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.filter((line) => line !== '').map((line): RecordedRun => JSON.parse(line))
}
