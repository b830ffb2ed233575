import { validateCustomChecks } from './checks/custom.ts'
import type { Terminal } from './checks/migrations/check.ts'
import { type Config, type Environment, readConfig, secretsOf } from './config/config.ts'
import { configurationCheck, standardChecks } from './configured-checks.ts'
import { configuredNotifiers } from './configured-notifiers.ts'
import { createCache } from './core/cache/cache.ts'
import type { Check, Details, Result } from './core/check.ts'
import { systemClock } from './core/clock.ts'
import { isRecord } from './core/is-record.ts'
import { type Identity, type Report, toReport } from './core/report.ts'
import { type RunOptions, run } from './core/run.ts'
import { createScrub, createSecretRemover, scrubValue } from './core/scrub.ts'
import { thrownText } from './core/thrown-text.ts'
import { createCron } from './cron.ts'
import { type App, createApp, type ResultsRequest } from './http/app.ts'
import { createLog } from './notify/log.ts'
import type { CronRun, EndedRun } from './notify/notifier.ts'
import { createNotify } from './notify/notify.ts'
import type { SentrySdk } from './notify/sentry/client.ts'

/**
 * What an application brings along.
 *
 * @example
 * const options: ApplicationOptions = { expected, checks: [search] }
 */
export interface ApplicationOptions {
  /** What `edge-health compile` wrote: import its JSON. Without it the migrations check is not configured. */
  readonly expected?: object
  /** Checks of your own; they come after the standard ones unless HEALTH_CHECKS gives another order. */
  readonly checks?: readonly Check[]
}

export interface HealthOptions extends ApplicationOptions {
  readonly environment: Environment
  /** Loads the platform's Sentry SDK; called only when a DSN is set and there is something to tell. */
  readonly loadSentry?: () => Promise<SentrySdk>
  /** Where the lines of the log go. */
  readonly write?: (line: string) => void
  /** What the migrations check does besides, where there is room for it. */
  readonly terminal?: Terminal
}

export interface Health {
  readonly config: Config
  /** Names of all checks, also of those that HEALTH_CHECKS leaves out. */
  readonly available: readonly string[]
  readonly app: App
  /** Who answers: what the configuration says, else what the platform says. */
  identity(platform: Identity): Identity
  /**
   * Runs every check on behalf of the cron trigger and tells everybody.
   * @throws {Error} when the checks could not be run; a check that fails is an answer
   */
  scheduled(cronRun: CronRun): Promise<void>
  /**
   * Asks checks once, with no cache and no notifiers: for the terminal.
   *
   * @param names among the available ones; a wrong HEALTH_CHECKS is then not a result. [names=those of HEALTH_CHECKS]
   * @throws {RangeError} for a name that no check has
   */
  check(platform: Identity, names?: readonly string[]): Promise<Report>
}

/**
 * What a request may spend before its run begins, in ms. Were a timeout nearer to the deadline than this, every run
 * would be cut short, and no timeout ever kept for the next request.
 */
const headStartMs = 100

/**
 * The composition root: environment to checks, cache, notifiers and app. A wrong environment never throws.
 *
 * @throws {TypeError} when the checks that were passed in cannot be told apart
 */
export function createHealth(options: HealthOptions): Health {
  const {
    environment,
    expected,
    checks: customChecks = [],
    loadSentry,
    write = console.log,
    terminal,
  } = options
  validateCustomChecks(customChecks)
  const clock = systemClock
  const config = readConfig(
    environment,
    customChecks.map(({ name }) => name),
  )
  const { timing } = config
  const secrets = secretsOf(environment)
  const scrub = createScrub(secrets)
  const log = createLog(write)
  const tools = { clock, scrub, log }
  const notifiers = configuredNotifiers(config, loadSentry, tools)
  const available = [...standardChecks(config, expected, terminal), ...customChecks]
  const checks = selectChecks(config, available, config.checkers)
  const names = checks.map(({ name }) => name)
  for (const { sentence, check } of config.mistakes) {
    // Those of one check are the reason of its failed result, in every line about it.
    if (check === undefined) log('error', sentence)
  }

  const timeoutMs = Math.min(timing.timeoutMs, timing.deadlineMs - headStartMs)
  const removeSecrets = createSecretRemover(secrets)
  const asking = (selected: readonly Check[]) =>
    createAsk(selected, { ...timing, timeoutMs, clock }, (details) =>
      scrubValue(details, scrub, removeSecrets),
    )
  const ask = asking(checks)
  const identity = (platform: Identity): Identity => ({
    hostname: config.hostname ?? platform.hostname,
    release: config.release ?? platform.release,
  })

  const notify = createNotify(notifiers, log, scrub)
  const cache = createCache<ResultsRequest & Pick<EndedRun, 'trigger'>>({
    clock,
    ttlMs: timing.ttlMs,
    deadlineMs: timing.deadlineMs,
    dependsOn: (name) => checks.find((check) => check.name === name)?.dependsOn,
    async refresh(names, request, onResult, known) {
      const results = await ask(names, request.deadlineAt - clock.now(), { onResult, known })
      const { hostname, release, trigger } = request
      request.waitUntil(notify((notifier) => notifier.report?.({ hostname, release, trigger, results })))
    },
  })
  const common = { clock, checkers: names, deadlineMs: timing.deadlineMs }

  return {
    config,
    available: available.map(({ name }) => name),
    identity,
    app: createApp({
      ...common,
      token: config.token,
      failedStatus: config.failedStatus,
      results: (names, request) => cache.results(names, { ...request, trigger: 'request' }),
      onBug(error, { hostname, release, waitUntil }) {
        log('error', 'bug in the health check', { reason: scrub(thrownText(error)) })
        waitUntil(notify((notifier) => notifier.bug?.(error, { hostname, release })))
      },
    }),
    scheduled: createCron({
      ...common,
      results: (names, request) => cache.results(names, { ...request, trigger: 'cron' }),
      notifiers,
      notify,
      ...tools,
    }),
    async check(platform, chosen) {
      // Whoever names the checks does not ask HEALTH_CHECKS for them; its names may be those of checks of the entry file.
      const mistakes = config.mistakes.filter(({ variable }) => !chosen || variable !== 'HEALTH_CHECKS')
      const selected = selectChecks({ ...config, mistakes }, available, chosen ?? config.checkers)
      const results = await asking(selected)(
        selected.map(({ name }) => name),
        timing.deadlineMs,
      )
      return toReport(results, identity(platform), clock.now())
    },
  }
}

type Ask = (
  names: readonly string[],
  deadlineMs: number,
  more?: Pick<RunOptions, 'onResult' | 'known'>,
) => Promise<Result[]>

/** Runs the named checks; what it returns and tells is scrubbed, but for the causes. */
function createAsk(
  checks: readonly Check[],
  options: Omit<RunOptions, 'deadlineMs'>,
  scrub: ScrubDetails,
): Ask {
  return async (names, deadlineMs, { onResult, ...more } = {}) => {
    const selected = checks.filter(({ name }) => names.includes(name))
    const scrubbed = new Map<string, Result>()
    await run(selected, {
      ...options,
      ...more,
      deadlineMs,
      onResult(result) {
        const clean = withScrubbedDetails(result, scrub)
        scrubbed.set(clean.checker, clean)
        onResult?.(clean)
      },
    })
    return selected.flatMap(({ name }) => scrubbed.get(name) ?? [])
  }
}

type ScrubDetails = (details: Details) => unknown

function withScrubbedDetails(result: Result, scrub: ScrubDetails): Result {
  if (result.details === undefined) return result
  const details = scrub(result.details)
  // A check without types may have put anything there; the answer promises an object.
  return { ...result, details: isRecord(details) ? details : { value: details } }
}

/** The checks with these names, in their order, and the one that shows wrong values of the whole function. */
function selectChecks(config: Config, available: readonly Check[], names: readonly string[]): Check[] {
  const selected = [...new Set(names)].map((name) => {
    const check = available.find((each) => each.name === name)
    if (!check) throw new RangeError(`There is no check named ${name}.`)
    return check
  })
  const configuration = configurationCheck(config)
  return configuration ? [...selected, configuration] : selected
}
