import { type App, createApp, type ResultsRequest } from './app.ts'
import { createCache } from './cache.ts'
import type { Check, Result } from './check.ts'
import { validateOwnChecks } from './checks/own.ts'
import { configurationCheck, standardChecks } from './checks/standard.ts'
import { systemClock } from './clock.ts'
import { type Config, type Environment, readConfig, secretsOf } from './config.ts'
import { type Identity, type Report, toReport } from './report.ts'
import { run } from './run.ts'
import { createScrub, scrubValue } from './scrub.ts'
import { logSink } from './sinks/log.ts'
import type { Sink } from './sinks/sink.ts'
import { tell } from './sinks/tell.ts'

/** What an application brings along. */
export interface ApplicationOptions {
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
export function createHealth({
  environment,
  checks: ownChecks = [],
  write = console.log,
}: HealthOptions): Health {
  validateOwnChecks(ownChecks)
  const clock = systemClock
  const config = readConfig(
    environment,
    ownChecks.map(({ name }) => name),
  )
  const { timing, checkers } = config
  const scrub = createScrub(secretsOf(environment))
  const sinks: Sink[] = [logSink(scrub, write)]
  const checks = selectChecks(config, ownChecks)
  for (const { sentence } of config.mistakes) write(JSON.stringify({ message: sentence, level: 'error' }))

  async function ask(
    names: readonly string[],
    deadlineMs: number,
    onResult?: (result: Result) => void,
  ): Promise<Result[]> {
    const results: Result[] = []
    const keep = (result: Result) => {
      const scrubbed = result.details
        ? { ...result, details: scrubValue(result.details, scrub) as object }
        : result
      results.push(scrubbed as Result)
      onResult?.(scrubbed as Result)
    }
    await run(
      checks.filter(({ name }) => names.includes(name)),
      { ...timing, clock, deadlineMs, onResult: keep },
    )
    return results
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

/** The checks that exist here, in the order of HEALTH_CHECKS. */
function selectChecks(config: Config, ownChecks: readonly Check[]): Check[] {
  const available = [...standardChecks(config), ...ownChecks]
  const selected = config.checkers.flatMap((name) => available.filter((check) => check.name === name))
  const configuration = configurationCheck(config)
  return configuration ? [...selected, configuration] : selected
}
