import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readVariableFiles, setVariables, workerVariables } from '../../dev/environment.ts'
import { assertWranglerConfig, choosePort, chooseSources } from '../../dev/preflight.ts'
import { untilReadyQuiet } from '../../dev/quiet-output.ts'
import { reloadOnChange } from '../../dev/reload.ts'
import { type Stack, startStack } from '../../dev/stack.ts'
import type { MigrationSources, StandIn } from '../../dev/stand-in.ts'
import { StartError } from '../../dev/start-error.ts'
import { onStopSignal } from '../../dev/stop-signal.ts'
import { startWranglerDev, type WranglerDev } from '../../dev/wrangler-dev.ts'
import { lastBuildVariable } from '../compile/last-build.ts'
import { withoutErrorDumps } from './error-dump.ts'
import { startLocalStore } from './local-store.ts'
import { reportBuilds } from './report-builds.ts'

interface StartOptions {
  /** [environment=process.env] */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Where wrangler.toml is. [workingDirectory=process.cwd()] */
  readonly workingDirectory?: string
  /** [sources={}] Else DRIZZLE_CONFIG, the drizzle.config of the working directory, or the example's. */
  readonly sources?: MigrationSources
}

/** A build on a slow machine takes its time; what stands in its way is printed meanwhile. */
const readyTimeoutMs = 180_000

/**
 * Runs the Worker on an embedded stack until SIGINT, SIGTERM or SIGHUP; a second signal waits for nobody.
 * @returns the exit code: 130, 143 or 129 after a signal, 1 when it could not start or the Worker's server ended
 */
export async function start(options: StartOptions = {}): Promise<number> {
  const stop = new AbortController()
  const closers: (() => Promise<void>)[] = []
  const { code, forget } = onStopSignal()
  try {
    return await Promise.race([serve(options, closers, stop.signal), code])
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    process.stderr.write(`error: ${error.message}\n`)
    return 1
  } finally {
    stop.abort()
    // In the order of the way of a request: nobody asks what is gone.
    for (const close of closers.reverse()) await close()
    forget()
  }
}

/** Starts everything, then waits until the Worker's server ends. */
async function serve(
  options: StartOptions,
  closers: (() => Promise<void>)[],
  signal: AbortSignal,
): Promise<never> {
  const begin = performance.now()
  const directory = options.workingDirectory ?? process.cwd()
  assertWranglerConfig(directory)
  const files = readVariableFiles(directory)
  const environment = { ...files, ...setVariables(options.environment ?? process.env) }
  const port = await choosePort(environment['PORT'])
  const sources = chooseSources(options.sources ?? {}, environment['DRIZZLE_CONFIG'], directory)

  print('Starting the Worker and what it depends on ...')
  const report = reportBuilds(print)
  const starting = startStack({ environment, sources, workingDirectory: directory, log: report, signal })
  closers.push(async () => (await starting.catch(() => undefined))?.close())
  const stack = await starting
  // Awaited below: an error before that is reported there.
  stack.ready.catch(() => {})
  signal.throwIfAborted()

  const token = environment['HEALTH_TOKEN'] ?? randomBytes(18).toString('base64url')
  const store = await startLocalStore(stack, environment, print)
  closers.push(store.close)
  const talk = untilReadyQuiet(report)
  const kept = mkdtempSync(join(tmpdir(), 'edge-health-build-'))
  closers.push(async () => rmSync(kept, { recursive: true, force: true }))
  const wrangler = startWranglerDev({
    directory,
    port,
    variables: {
      ...files,
      ...workerVariables(environment),
      HEALTH_TOKEN: token,
      ...stack.variables,
      ...store.variables,
    },
    environment: {
      ...(sources.config && { DRIZZLE_CONFIG: sources.config }),
      [lastBuildVariable]: join(kept, 'expected.json'),
    },
    onLine: withoutErrorDumps(talk.onLine),
  })
  closers.push(wrangler.close)
  const reloading = reloadOnChange({ sources, workingDirectory: directory })
  closers.push(async () => (await reloading)())
  const url = `http://127.0.0.1:${port}/health-check`
  // Both at once: each takes seconds.
  const [fault] = await Promise.all([untilReady(url, wrangler), stack.ready])
  if (fault) {
    talk.release()
    throw new StartError(fault)
  }
  signal.throwIfAborted()
  talk.forget()
  const seconds = ((performance.now() - begin) / 1000).toFixed(1)
  const shownToken = environment['HEALTH_TOKEN'] ? undefined : token
  print(
    welcome(url, stack, shownToken, [...store.welcome, `Ready in ${seconds} s. Ctrl-C stops everything.`]),
  )
  await wrangler.exited
  throw new StartError('wrangler dev ended by itself; what it printed is above.')
}

const print = (line: string) => process.stdout.write(`${line}\n`)

/** Asks the Worker itself: the server around it answers earlier. Returns why there is no answer. */
async function untilReady(url: string, wrangler: WranglerDev): Promise<string | undefined> {
  let ended = false
  wrangler.exited.then(() => {
    ended = true
  })
  const end = performance.now() + readyTimeoutMs
  while (!ended && performance.now() < end) {
    if (await answers(`${url}/live`)) return undefined
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const what = ended ? 'wrangler dev ended' : `${readyTimeoutMs / 1000} s have passed`
  return `${what} before the Worker answered; what wrangler printed is above.`
}

/** Not by fetch, which refuses some ports that a server may well have (https://fetch.spec.whatwg.org/#port-blocking). */
function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { timeout: 2000 }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(false))
  })
}

function welcome(url: string, stack: Stack, token: string | undefined, lines: readonly string[]): string {
  const line = (name: string, { kind, description }: StandIn) =>
    `  ${name.padEnd(10)}${kind.padEnd(10)}${description}`
  return `
${line('Postgres', stack.database)}
${line('Redis', stack.redis)}

  ${url}
  ${url}/status   for people, in a browser

  With details, by ${token ? 'the token of this session' : 'your HEALTH_TOKEN'}:
  curl -H 'Authorization: Bearer ${token ?? '<HEALTH_TOKEN>'}' ${url}

${lines.join('\n')}`
}
