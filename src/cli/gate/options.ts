import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Allowance, allowFile, parseAllow, parseAllowFile } from '../../gate/allow.ts'
import { type Driver, defaultDriver, driverNames, isDriver } from '../../gate/driver.ts'
import {
  defaultFailAt,
  defaultWarnAt,
  parseThresholds,
  type Thresholds,
} from '../../gate/judge/thresholds.ts'
import type { EnvironmentOptions } from '../check/environment.ts'
import type { CompileWords } from '../compile/options.ts'
import { UsageError } from '../usage-error.ts'

/** What commander makes of the options of `edge-health gate`. */
export interface GateWords extends CompileWords, EnvironmentOptions {
  readonly driver?: string
  readonly warnAt?: string
  readonly failAt?: string
  readonly allow?: readonly string[]
  readonly json?: boolean
  readonly markdown?: string
}

/** @throws {UsageError} for sizes that cannot be read, or a warning that would come after the stop */
export function readThresholds({ warnAt = '', failAt = '' }: GateWords): {
  warnAt: Thresholds
  failAt: Thresholds
} {
  const read = (option: string, text: string, defaults: Thresholds) => {
    const thresholds = parseThresholds(text, defaults)
    if (typeof thresholds === 'string') throw new UsageError(`${option} ${thresholds}.`)
    return thresholds
  }
  return {
    warnAt: read('--warn-at', warnAt, defaultWarnAt),
    failAt: read('--fail-at', failAt, defaultFailAt),
  }
}

/**
 * @param configured `driver` of the drizzle.config, which names only those that ask over something else
 * @throws {UsageError} for one that is not known
 */
export function readDriver(named: string | undefined, configured: string | undefined): Driver {
  if (named !== undefined) {
    if (isDriver(named)) return named
    if (named === 'pg-proxy') throw new UsageError(proxySentence)
    throw new UsageError(`--driver ${named}: expected one of ${driverNames.join(', ')}.`)
  }
  return configured !== undefined && isDriver(configured) ? configured : defaultDriver
}

/** Its migrator hands all statements to a callback of the application (drizzle-orm, pg-proxy/migrator). */
const proxySentence =
  '--driver pg-proxy: the callback of your application decides how its statements run. Name node-postgres where it runs them in one transaction, neon-http where each part runs by itself.'

/** Those of the command line, and those of the committed file. @throws {UsageError} when one cannot be read */
export function readAllowances(words: readonly string[] = []): Allowance[] {
  const named = words.map((text): Allowance => {
    try {
      return { ...parseAllow(text), reason: 'allowed on the command line', migration: undefined }
    } catch (error) {
      throw asUsage('--allow', error)
    }
  })
  const path = resolve(allowFile)
  if (!existsSync(path)) return named
  try {
    return [...named, ...parseAllowFile(readFileSync(path, 'utf8'))]
  } catch (error) {
    throw asUsage(allowFile, error)
  }
}

const asUsage = (what: string, error: unknown): unknown =>
  error instanceof TypeError ? new UsageError(`${what}: ${error.message}.`) : error
