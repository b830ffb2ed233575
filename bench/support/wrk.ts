import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** What wrk saw; times in ms. */
export interface Load {
  readonly requests: number
  readonly seconds: number
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Requests without an answer: refused, cut, or later than `patienceSeconds`. */
  readonly lost: number
  /** Answers with a status of 400 or more. */
  readonly notOk: number
  /** Answers by status, with `countStatuses`. */
  readonly ok: number
  readonly unavailable: number
  readonly other: number
}

export interface LoadOptions {
  readonly url: string
  readonly connections: number
  readonly seconds: number
  /** How long an answer may take before the request counts as lost. [5] */
  readonly patienceSeconds?: number
  readonly countStatuses?: boolean
}

const script = fileURLToPath(new URL('report.lua', import.meta.url))

/** Asks one URL over and over. @throws when wrk is missing or gives no report */
export async function load(options: LoadOptions): Promise<Load> {
  const { url, connections, seconds, patienceSeconds = 5, countStatuses = false } = options
  const threads = Math.min(2, connections)
  const printed = await run('wrk', [
    ...['-t', String(threads), '-c', String(connections), '-d', `${seconds}s`],
    ...['--timeout', `${patienceSeconds}s`, '--script', script, url],
    ...(countStatuses ? ['--', 'statuses'] : []),
  ])
  const line = printed.split('\n').find((text) => text.startsWith('{'))
  if (!line) throw new Error(`wrk printed no report: ${printed}`)
  const report = JSON.parse(line) as Omit<Load, 'perSecond'>
  return { ...report, perSecond: report.requests / report.seconds }
}

/** {@link load} on something healthy. @throws when an answer was not: an error page is served faster than the truth */
export async function loadHealthy(options: LoadOptions): Promise<Load> {
  const seen = await load(options)
  if (seen.notOk > 0) throw new Error(`${options.url} gave ${seen.notOk} answers that are no 200 under load`)
  return seen
}

function run(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
    }
    child.once('error', reject)
    child.once('close', (code) =>
      code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}: ${text}`)),
    )
  })
}
