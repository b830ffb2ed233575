import { writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { provideTestPackages } from '../../test/servers/npm-packages.ts'
import { type BenchOptions, readBenchOptions, usage } from './bench-options.ts'
import { exitCodeOf, type Figure, markdownTable } from './figure.ts'

/** Where `bench/run.ts` wants the figures of a bench file, as JSON. */
export const reportVariable = 'BENCH_REPORT'

/**
 * Runs a bench file as a program: prints its table, and exits with 1 when a bound is missed, 3 when that is a defect on
 * any machine, 2 when it could not measure. Does nothing when the file was imported.
 *
 * @example
 * await runBench(import.meta.url, 'Load', measureLoad)
 */
export async function runBench(
  moduleUrl: string,
  title: string,
  measure: (options: BenchOptions) => Promise<readonly Figure[]>,
): Promise<void> {
  if (argv[1] === undefined || fileURLToPath(moduleUrl) !== argv[1]) return
  try {
    const options = readBenchOptions(argv.slice(2))
    if (options.help) {
      console.log(usage)
      return
    }
    provideTestPackages()
    const figures = await measure(options)
    console.log(`\n### ${title}\n\n${markdownTable(figures)}`)
    const report = process.env[reportVariable]
    if (report) writeFileSync(report, JSON.stringify({ title, figures }))
    process.exitCode = exitCodeOf(figures)
  } catch (error) {
    console.error(error)
    process.exitCode = 2
  }
}

/** What is going on, for the person who waits. */
export const say = (text: string): void => console.error(text)
