import { type App, createApp, type ResultsRequest } from './app.ts'
import { createCache } from './cache.ts'
import type { Check, Details, Result } from './check.ts'
import { validateOwnChecks } from './checks/own.ts'
import { configurationCheck, standardChecks } from './checks/standard.ts'
import { systemClock } from './clock.ts'
import { type Config, type Environment, readConfig, secretsOf } from './config.ts'
import { type Identity, type Report, toReport } from './report.ts'
import { run } from './run.ts'
import { createScrub, type Scrub, scrubValue } from './scrub.ts'
import { logSink } from './sinks/log.ts'
import type { Sink } from './sinks/sink.ts'
import { tell } from './sinks/tell.ts'

/** What an application brings along. */
export interface ApplicationOptions {
  /** What `edge-health compile` wrote: import its JSON. Without it the migrations check is not configured. */
  readonly expected?: object
  /** Checks of your own; they come after the standard ones unless HEALTH_CHECKS says otherwise. */
  readonly checks?: readonly Check[]
}

export interface HealthOptions extends ApplicationOptions {
  readonly environment: Environment
  /** Where the lines of the log go. */
  readonly write?: (line: string) => void
}

export interface Health {
  readonly config: Config
  readonly app: App
  /** Who answers: what the configuration says, else what the platform says. */
  identity(platform: Identity): Identity
  /** Asks every check once, with no cache and no sinks: for the terminal. */
  check(platform: Identity): Promise<Report>
}

/**
 * The composition root: environment to checks, cache, sinks and app. A wrong environment never throws.
 *
 * @throws {TypeError} when the checks that were passed in cannot be told apart
 */
export function createHealth(options: HealthOptions): Health {
  const { environment, expected, checks: ownChecks = [], write = console.log } = options
  validateOwnChecks(ownChecks)
  const clock = systemClock
  const config = readConfig(
    environment,
    ownChecks.map(({ name }) => name),
  )
  const { timing, checkers } = config
  const scrub = createScrub(secretsOf(environment))
  const sinks: Sink[] = [logSink(scrub, write)]
  const checks = selectChecks(config, [...standardChecks(config, expected), ...ownChecks])
  for (const { sentence } of config.mistakes) write(JSON.stringify({ message: sentence, level: 'error' }))

  /** Runs the named checks; what it returns and tells is scrubbed, but for the causes. */
  async function ask(
    names: readonly string[],
    deadlineMs: number,
    onResult: (result: Result) => void = () => {},
  ): Promise<Result[]> {
    const selected = checks.filter(({ name }) => names.includes(name))
    const scrubbed = new Map<string, Result>()
    await run(selected, {
      ...timing,
      clock,
      deadlineMs,
      onResult(result) {
        const clean = withScrubbedDetails(result, scrub)
        scrubbed.set(clean.checker, clean)
        onResult(clean)
      },
    })
    return selected.flatMap(({ name }) => scrubbed.get(name) ?? [])
  }

  const identity = (platform: Identity): Identity => ({
    hostname: config.hostname ?? platform.hostname,
    release: config.release ?? platform.release,
  })

  const cache = createCache<ResultsRequest>({
    clock,
    ttlMs: timing.ttlMs,
    async refresh(names, request, onResult) {
      const results = await ask(names, request.deadlineAt - clock.now(), onResult)
      const { hostname, release } = request
      request.waitUntil(tell(sinks, { hostname, release, trigger: 'request', results }))
    },
  })

  return {
    config,
    identity,
    app: createApp({
      clock,
      checkers: checks.map(({ name }) => name),
      token: config.token,
      failedStatus: config.failedStatus,
      deadlineMs: timing.deadlineMs,
      results: cache.results,
      onBug: (error) =>
        write(
          JSON.stringify({
            message: 'bug in the health check',
            level: 'error',
            reason: scrub(String(error)),
          }),
        ),
    }),
    check: async (platform) =>
      toReport(await ask(checkers, timing.deadlineMs), identity(platform), clock.now()),
  }
}

function withScrubbedDetails(result: Result, scrub: Scrub): Result {
  return result.details ? { ...result, details: scrubValue(result.details, scrub) as Details } : result
}

/** The checks that exist here, in the order of HEALTH_CHECKS. */
function selectChecks(config: Config, available: readonly Check[]): Check[] {
  const selected = config.checkers.flatMap((name) => available.filter((check) => check.name === name))
  const configuration = configurationCheck(config)
  return configuration ? [...selected, configuration] : selected
}
