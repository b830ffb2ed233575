/**
 * What is deployed, beside a bare Hono application of the same run: sizes, and how long it takes to be there.
 *
 * node bench/bundles.ts --help
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { bundleLambda } from '../src/cli/bundle/bundle-lambda.ts'
import { bundleOwnLambda } from '../src/release/own-lambda.ts'
import { packageLambda, zipPath } from '../src/release/package-lambda.ts'
import { anyOf, workerParts } from '../test/servers/worker-parts.ts'
import { bundleOf, bundleWithout, startWorkerd } from '../test/servers/workerd.ts'
import { runBench, say } from './support/bench.ts'
import type { BenchOptions } from './support/bench-options.ts'
import { atMost, type Figure, measured } from './support/figure.ts'
import { kilobytes, ms, times } from './support/format.ts'
import { alternate, median, medianRatio } from './support/rounds.ts'

const worker = 'src/release/worker.ts'
const floor = 'bench/workers/floor.ts'

async function measureWorker(rounds: number): Promise<Figure[]> {
  const firstAnswer = (entry: string, path: string) => async () => {
    const begin = performance.now()
    const server = await startWorkerd({ entry })
    const { status } = await fetch(server.url + path)
    const took = performance.now() - begin
    await server.close()
    if (status !== 200) throw new Error(`${entry} answered ${status}`)
    return took
  }
  const measure = {
    ours: firstAnswer(worker, '/health-check/live'),
    bare: firstAnswer(floor, '/health-check'),
  }
  // Bundled and read once, so that neither pays for it below.
  await alternate(1, measure)
  const { ours, bare } = await alternate(rounds, measure)
  return [
    atMost('Worker bundle, gzip', gzipSync(await bundleOf(worker)).length, 175 * 1024, kilobytes),
    measured('spawn of workerd to the first answer, bare Hono', ms(median(bare))),
    measured('spawn of workerd to the first answer, ours', ms(median(ours))),
    atMost('… ours to bare Hono', medianRatio(ours, bare), 5, times),
  ]
}

/** What is counted apart: the rest of the Worker runs without it. */
const parts: readonly (readonly [what: string, modules: RegExp])[] = [
  ['the status page', workerParts.statusPage],
  ['the store, its history and the alerts', workerParts.storeAndAlerts],
  ['formats for monitors', workerParts.formats],
  ['@neondatabase/serverless', /\/@neondatabase\/serverless\//],
  ['@upstash/redis', /\/@upstash\/redis\//],
  ["Sentry's SDK", /\/@sentry\//],
  ['the expected schema', /\/expected\.json$/],
]

async function measureParts(): Promise<Figure[]> {
  const sizeOf = (bundle: string) => gzipSync(bundle).length
  const whole = sizeOf(await bundleOf(worker))
  const figures: Figure[] = []
  for (const [what, modules] of parts) {
    const size = whole - sizeOf(await bundleWithout(worker, modules))
    figures.push(measured(`Worker bundle, gzip, of which ${what}`, kilobytes(size)))
  }
  const { statusPage, storeAndAlerts, formats } = workerParts
  const rest = sizeOf(await bundleWithout(worker, anyOf(statusPage, storeAndAlerts, formats)))
  const what = 'Worker bundle, gzip, without the page, the store and the formats'
  return [...figures, atMost(what, rest, 154 * 1024, kilobytes)]
}

/** The work is the same each time; what neighbours on the machine took comes on top, and more of it to the longer one. */
const fastest = (values: readonly number[]) => Math.min(...values)

/** Imports the module in a process of its own that has done nothing else. */
function importTime(path: string): number {
  // Lambda's runtime has both streams before it loads the function.
  const program = `process.stdout, process.stderr
    const begin = performance.now()
    await import(${JSON.stringify(path)})
    console.log(performance.now() - begin)`
  const { SENTRY_DSN: _, ...environment } = process.env
  const args = ['--input-type=module', '--eval', program]
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', env: environment })
  return Number(output)
}

async function measureLambda(rounds: number): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'health-bench-'))
  try {
    const directories = { ours: join(directory, 'ours'), bare: join(directory, 'bare') }
    await bundleOwnLambda(directories.ours)
    const entry = fileURLToPath(new URL('lambdas/floor.ts', import.meta.url))
    await bundleLambda({ directory: directories.bare, entry })
    const measure = {
      ours: async () => importTime(join(directories.ours, 'lambda.mjs')),
      bare: async () => importTime(join(directories.bare, 'lambda.mjs')),
    }
    await alternate(1, measure)
    const { ours, bare } = await alternate(rounds, measure)
    await packageLambda()
    return [
      atMost('Lambda zip', statSync(zipPath).size, 300_000, kilobytes),
      measured('import on Lambda without a Sentry DSN, bare Hono', ms(fastest(bare))),
      measured('import on Lambda without a Sentry DSN, ours', ms(fastest(ours))),
      atMost('… ours to bare Hono', fastest(ours) / fastest(bare), 10, times),
    ]
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureBundles({ short }: BenchOptions): Promise<Figure[]> {
  const rounds = short ? 9 : 15
  say('measuring the Worker')
  const figures = await measureWorker(rounds)
  say('measuring what its parts bring')
  figures.push(...(await measureParts()))
  say('measuring the Lambda function')
  return [...figures, ...(await measureLambda(rounds))]
}

await runBench(import.meta.url, 'Bundles', measureBundles)
