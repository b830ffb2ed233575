import type { ApplicationOptions } from './application.ts'
import { bindEnvironment, validateCustomChecks } from './checks/custom.ts'
import type { Terminal } from './checks/migrations/check.ts'
import type { Transports } from './clients/transports.ts'
import { type Config, type Environment, readConfig, secretsOf } from './config/config.ts'
import { selectChecks, standardChecks } from './configured-checks.ts'
import { availableOf } from './configured-clients.ts'
import { configuredNotifiers } from './configured-notifiers.ts'
import { configuredStore, sharedMsOf } from './configured-store.ts'
import { createCache, type SharedLevel } from './core/cache/cache.ts'
import type { Check, Details } from './core/check.ts'
import { type Clock, systemClock } from './core/clock.ts'
import { type Identity, type Report, toReport } from './core/report.ts'
import { createScrub, createSecretRemover, type Scrub, scrubValue } from './core/scrub.ts'
import { createScrubbedRun, type ScrubbedRun } from './core/scrubbed-run.ts'
import { thrownText } from './core/thrown-text.ts'
import { createCron } from './cron.ts'
import type { AppOptions, ResultsRequest } from './http/app.ts'
import { createLog, type Log } from './notify/log.ts'
import type { CronRun, EndedRun } from './notify/notifier.ts'
import { createNotify, type Notify } from './notify/notify.ts'
import type { SentrySdk } from './notify/sentry/client.ts'

interface HealthOptions extends ApplicationOptions {
  readonly environment: Environment
  /** Loads the platform's Sentry SDK; called only when a DSN is set and there is something to report. */
  readonly loadSentry?: () => Promise<SentrySdk>
  /** Where the lines of the log go. */
  readonly write?: (line: string) => void
  /** What the migrations check does besides, where there is room for it. */
  readonly terminal?: Terminal
  /** What the platform can do besides HTTP. */
  readonly transports?: Transports
}

export interface Health {
  readonly config: Config
  /** Names of all checks, also of those that HEALTH_CHECKS leaves out. */
  readonly available: readonly string[]
  /** What answers requests, for {@link createApp}. */
  readonly answering: AppOptions
  /** Who answers: what the configuration says, else what the platform says. */
  identity(platform: Identity): Identity
  /**
   * Runs every check on behalf of the cron trigger and calls all notifiers.
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
 * The composition root: environment to checks, cache, notifiers and what answers requests. A wrong environment never throws.
 *
 * @throws {TypeError} when the checks that were passed in have the same name or depend on themselves
 */
export function createHealth(options: HealthOptions): Health {
  const {
    environment,
    expected,
    checks: customChecks = [],
    loadSentry,
    write = console.log,
    terminal,
    transports = {},
  } = options
  validateCustomChecks(customChecks)
  const customCheckers = customChecks.map(({ name }) => name)
  const config = readConfig(environment, customCheckers, availableOf(transports))
  const secrets = secretsOf(environment)
  const tools = { clock: systemClock, scrub: createScrub(secrets), log: createLog(write) }
  logMistakes(config, tools.log)
  const available = [
    ...standardChecks(config, { expected, terminal, transports }),
    ...bindEnvironment(customChecks, environment),
  ]
  const checks = selectChecks(config, available, config.checkers)
  const run = runOptions(config, tools)
  const scrubbedRun = createScrubbedRun(run, createDetailsScrub(tools.scrub, secrets))
  const notifiers = configuredNotifiers(config, loadSentry, tools)
  const notify = createNotify(notifiers, tools.log, tools.scrub)
  const common = { clock: tools.clock, checkers: checks.map(({ name }) => name), deadlineMs: run.deadlineMs }
  const runMs = run.timeoutMs + headStartMs
  const sharedMs = sharedMsOf(config, headStartMs)
  const store = configuredStore(config, { ...common, expected, runMs, sharedMs, transports }, tools)
  const cache = createResultsCache(checks, config, scrubbedRun, notify, store, tools)
  const identity = (platform: Identity): Identity => ({
    hostname: config.hostname ?? platform.hostname,
    release: config.release ?? platform.release,
  })
  return {
    config,
    available: available.map(({ name }) => name),
    identity,
    answering: {
      ...common,
      token: config.token,
      visibility: config.visibility,
      ohDearSecret: config.ohDearSecret,
      failedStatus: config.failedStatus,
      results: (names, request) => cache.results(names, { ...request, trigger: 'request' }),
      history: store && ((request) => store.history(request, sharedMs)),
      ...statusPageOf(config),
      lastResults: (names, request) => cache.last(names, { ...request, trigger: 'request' }),
      onBug(error, { hostname, release, waitUntil }) {
        tools.log('error', 'bug in the health check', { reason: tools.scrub(thrownText(error)) })
        waitUntil(notify((notifier) => notifier.bug?.(error, { hostname, release })))
      },
    },
    scheduled: createCron({
      ...common,
      results: async (names, request) => cache.results(names, { ...request, trigger: 'cron' }),
      ...(store && { confirmed: store.confirmed }),
      notifiers,
      notify,
      ...tools,
    }),
    async check(platform, chosen) {
      // Who names the checks does not ask HEALTH_CHECKS for them; its names may be those of checks of the entry file.
      const mistakes = config.mistakes.filter(({ variable }) => !chosen || variable !== 'HEALTH_CHECKS')
      const selected = selectChecks({ ...config, mistakes }, available, chosen ?? config.checkers)
      const results = await scrubbedRun(selected, { deadlineMs: run.deadlineMs })
      return toReport(results, identity(platform), tools.clock.now())
    },
  }
}

const statusPageOf = ({ maintenance, statusPage }: Config) => ({
  maintenance: (now: number) => maintenance.flatMap((window) => window.next(now) ?? []),
  statusPage,
})

interface Tools {
  readonly clock: Clock
  readonly scrub: Scrub
  readonly log: Log
}

/** The mistakes of one check are the reason of its failed result, in every line about it; the others are said once. */
function logMistakes({ mistakes }: Config, log: Log): void {
  for (const { sentence, check } of mistakes) if (check === undefined) log('error', sentence)
}

function runOptions(config: Config, { clock }: Tools) {
  const { timing } = config
  const beforeMs = headStartMs + sharedMsOf(config, headStartMs)
  return { ...timing, clock, timeoutMs: Math.min(timing.timeoutMs, timing.deadlineMs - beforeMs) }
}

function createDetailsScrub(scrub: Scrub, secrets: ReturnType<typeof secretsOf>) {
  const removeSecrets = createSecretRemover(secrets)
  return (details: Details) => scrubValue(details, scrub, removeSecrets)
}

/** What several requests share, and what passes each new result to the notifiers. */
function createResultsCache(
  checks: readonly Check[],
  { timing: { ttlMs, deadlineMs } }: Config,
  scrubbedRun: ScrubbedRun,
  notify: Notify,
  shared: SharedLevel<ResultsRequest> | undefined,
  { clock }: Tools,
) {
  return createCache<ResultsRequest & Pick<EndedRun, 'trigger'>>({
    clock,
    shared,
    ttlMs,
    deadlineMs,
    dependsOn: (name) => checks.find((check) => check.name === name)?.dependsOn,
    async refresh(names, request, onResult, known) {
      const { hostname, release, trigger, deadlineAt, waitUntil } = request
      const results = await scrubbedRun(
        checks.filter(({ name }) => names.includes(name)),
        { deadlineMs: deadlineAt - clock.now(), onResult, known },
      )
      waitUntil(notify((notifier) => notifier.report?.({ hostname, release, trigger, results })))
    },
  })
}
