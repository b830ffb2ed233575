import { celeryCheck } from './checks/celery/check.ts'
import { databaseCheck } from './checks/database.ts'
import { migrationsCheck, type Terminal } from './checks/migrations/check.ts'
import { redisCheck } from './checks/redis.ts'
import type { Transports } from './clients/transports.ts'
import type { CeleryConfig } from './config/celery.ts'
import type { Config, Mistake } from './config/config.ts'
import { openPostgresOf, openRedisOf } from './configured-clients.ts'
import { type Check, CheckError } from './core/check.ts'
import { asksThrough } from './core/standard-checkers.ts'

interface StandardChecksOptions {
  /** The expected schema, as it was imported. */
  readonly expected?: object | undefined
  /** What the migrations check does besides, where there is room for it. */
  readonly terminal?: Terminal | undefined
  /** What can be asked over TCP here. */
  readonly transports?: Transports
}

/**
 * The four checks that ship with the product, each as the configuration says.
 */
export function standardChecks(
  config: Config,
  { expected, terminal, transports = {} }: StandardChecksOptions = {},
): Check[] {
  const { celery } = config
  const postgres = config.postgres && openPostgresOf(config.postgres, transports)
  const redis = config.redis && openRedisOf(config.redis, transports)
  const login = transports.postgresLogin ?? config.postgres?.variable
  return [
    configured('database', config, postgres && namingVariable(databaseCheck({ postgres }), login)),
    configured(
      'migrations',
      config,
      postgres &&
        namingVariable(
          migrationsCheck({ postgres, expected, warn: config.migrationsWarn }, { terminal }),
          login,
        ),
    ),
    configured('celery', config, celery && configuredCelery(celery, transports)),
    configured(
      'redis',
      config,
      redis && namingVariable(redisCheck({ redis, write: config.redisWrite }), config.redis?.variable),
    ),
  ]
}

/** The `redis` check asks the application's Redis; the broker may be another one. */
function configuredCelery(
  { connection, heartbeatConnection, ...settings }: CeleryConfig,
  transports: Transports,
): Check | undefined {
  const redis = openRedisOf(connection, transports)
  const heartbeatRedis = openRedisOf(heartbeatConnection, transports)
  if (!redis || !heartbeatRedis) return undefined

  const asksOnlyApplicationRedis =
    settings.probe === 'heartbeat' || connection.url === heartbeatConnection.url
  const check = celeryCheck({
    ...settings,
    redis,
    heartbeatRedis,
    ...(asksOnlyApplicationRedis && { dependsOn: 'redis' }),
  })
  return namingVariable(check, connection.variable)
}

/** A login that is refused says in the details which variable it was read from; its value is never shown. */
function namingVariable(check: Check, variable: string | undefined): Check {
  if (variable === undefined) return check
  return {
    ...check,
    async run(context) {
      try {
        return await check.run(context)
      } catch (error) {
        if (!(error instanceof CheckError) || error.code !== 'unauthorized') throw error
        const details = { ...error.details, variable }
        throw new CheckError('unauthorized', error.message, { cause: error.cause, details })
      }
    },
  }
}

/** The check, or one that says what is missing: a mistake of one check never keeps the others from running. */
function configured(name: string, { mistakes, checkers }: Config, check: Check | undefined): Check {
  const own = mistakes.filter((mistake) => mistake.check === name)
  if (check) return own.length === 0 ? check : notConfigured(name, checkers, own)
  const through = asksThrough[name]
  const others = through === undefined ? [] : mistakes.filter((mistake) => mistake.check === through)
  // With a mistake of its own it reports something that the other check does not.
  return notConfigured(name, checkers, [...own, ...others], own.length === 0 ? through : undefined)
}

function notConfigured(
  name: string,
  checkers: readonly string[],
  mistakes: readonly Mistake[],
  dependsOn?: string,
): Check {
  const sentences = mistakes.map(({ sentence }) => sentence)
  const reason = [...sentences, ...leavingOut(dependsOn ?? name, checkers, mistakes)].join('; ')
  return {
    name,
    ...(dependsOn === undefined ? {} : { dependsOn }),
    run() {
      throw new CheckError('not_configured', reason || `${name} is not configured`, {
        details: { mistakes: sentences },
      })
    },
  }
}

/**
 * The other way on where nothing is set: perhaps the application has no such server. Never for a wrong value, which somebody
 * wanted; and the same sentence for all checks that ask the server.
 */
function leavingOut(cause: string, checkers: readonly string[], mistakes: readonly Mistake[]): string[] {
  const concerned = checkers.filter((name) => name === cause || asksThrough[name] === cause)
  const isMissing =
    mistakes.length > 0 && mistakes.every(({ sentence }) => /found nothing(?!, but)/.test(sentence))
  if (!isMissing || concerned.length === 0 || concerned.length === checkers.length) return []
  const others = checkers.filter((name) => !concerned.includes(name))
  return [`or leave ${concerned.join(' and ')} out with HEALTH_CHECKS=${others.join()}`]
}

/** What shows wrong values that concern no single check; undefined when there are none. */
function configurationCheck({ mistakes }: Config): Check | undefined {
  const global = mistakes.filter(({ check }) => check === undefined)
  if (global.length === 0) return undefined
  const sentences = global.map(({ sentence }) => sentence)
  return {
    name: 'configuration',
    run: () => ({
      status: 'fail',
      code: 'not_configured',
      output: 'configuration has mistakes; defaults are used for them',
      details: { mistakes: sentences },
    }),
  }
}

/**
 * The checks with these names, in their order, and the one that shows wrong values of the whole function.
 * @throws {RangeError} for a name that no check has
 */
export function selectChecks(config: Config, available: readonly Check[], names: readonly string[]): Check[] {
  const selected = [...new Set(names)].map((name) => {
    const check = available.find((each) => each.name === name)
    if (!check) throw new RangeError(`There is no check named ${name}.`)
    return check
  })
  const configuration = configurationCheck(config)
  return configuration ? [...selected, configuration] : selected
}
