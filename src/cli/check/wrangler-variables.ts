import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, TomlError } from 'smol-toml'
import { isRecord } from '../../core/is-record.ts'
import type { Variables } from '../../dev/environment.ts'
import { UsageError } from '../usage-error.ts'
import { scalars } from './scalars.ts'

/**
 * `[vars]` of wrangler.toml. An environment has those of `[env.NAME.vars]` alone: vars are not inherited
 * (https://developers.cloudflare.com/workers/wrangler/environments/#non-inheritable-keys-and-environments).
 *
 * @param environment its name; absent for the top level
 * @throws {UsageError} when the file is not TOML, or has no such environment
 */
export function readWranglerVariables(directory: string, environment: string | undefined): Variables {
  const path = join(directory, 'wrangler.toml')
  if (!existsSync(path)) {
    if (environment === undefined) return {}
    throw new UsageError('--env names an environment of wrangler.toml, and there is none here.')
  }
  const config = parseToml(readFileSync(path, 'utf8'))
  if (environment === undefined) return scalars(config['vars'])
  const environments = isRecord(config['env']) ? config['env'] : {}
  const chosen = Object.hasOwn(environments, environment) ? environments[environment] : undefined
  if (isRecord(chosen)) return scalars(chosen['vars'])
  const names = Object.keys(environments).join(', ') || 'none'
  throw new UsageError(`--env: wrangler.toml has no environment ${environment}; it has ${names}.`)
}

function parseToml(text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    // Its message shows the line, which may hold a secret.
    throw new UsageError(`wrangler.toml is not TOML: see line ${error.line}, column ${error.column}.`)
  }
}
