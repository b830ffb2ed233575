/**
 * All bench files, one after the other, and one table. Exits with 1 when a bound is missed, with 3 when
 * that is a defect on any machine, and with 2 when something could not be measured.
 *
 * node bench/run.ts --help
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { reportVariable, say } from './support/bench.ts'
import { readBenchOptions, usage } from './support/bench-options.ts'
import { exitCodeOf, type Figure, markdownTable } from './support/figure.ts'
import { currentCommit, readHistory, recordRun } from './support/history.ts'
import { drawHistory, historyPictureFile } from './support/history-picture.ts'
import { pageWith, performancePageFile } from './support/performance-page.ts'

const directory = fileURLToPath(new URL('.', import.meta.url))
/** What one bench file may take beside the load that its options ask for. */
const patienceMs = 15 * 60_000

interface Ran {
  readonly code: number
  readonly figures: readonly Figure[]
}

async function runAll(args: readonly string[]): Promise<number> {
  const { flappingSeconds, record, help } = readBenchOptions(args)
  if (help) {
    console.log(usage)
    return 0
  }
  const commit = record ? currentCommit() : ''
  const files = readdirSync(directory).filter(
    (name) => name.endsWith('.ts') && name !== basename(import.meta.url),
  )
  const reports = mkdtempSync(join(tmpdir(), 'health-bench-reports-'))
  const ran: Ran[] = []
  try {
    for (const file of files.sort()) {
      say(`\nbench/${file}`)
      ran.push(await runFile(file, args, join(reports, `${file}.json`), patienceMs + flappingSeconds * 1000))
    }
  } finally {
    rmSync(reports, { recursive: true, force: true })
  }
  const figures = ran.flatMap((each) => each.figures)
  console.log(`\n${markdownTable(figures)}`)
  if (ran.some(({ code }) => ![0, 1, 3].includes(code))) return 2
  if (record) {
    const { day } = recordRun(figures, commit)
    writeFileSync(historyPictureFile, drawHistory(readHistory()))
    const page = readFileSync(performancePageFile, 'utf8')
    writeFileSync(performancePageFile, pageWith(page, { day, commit, figures }))
  }
  return exitCodeOf(figures)
}

/** In a process of its own, so that nothing of the one before it is measured. */
async function runFile(
  file: string,
  args: readonly string[],
  report: string,
  timeoutMs: number,
): Promise<Ran> {
  const code = await exitCode([join(directory, file), ...args], report, timeoutMs)
  if (existsSync(report)) return { code, figures: JSON.parse(readFileSync(report, 'utf8')).figures }
  return { code: 2, figures: [] }
}

function exitCode(args: readonly string[], report: string, timeoutMs: number): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...args], {
      stdio: 'inherit',
      timeout: timeoutMs,
      env: { ...process.env, [reportVariable]: report },
    })
    child.once('error', () => resolve(2))
    child.once('close', (code) => resolve(code ?? 2))
  })
}

process.exitCode = await runAll(process.argv.slice(2)).catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  return 2
})
