import { isRecord } from '../../core/is-record.ts'
import type { Variables } from '../../dev/environment.ts'
import { readWranglerConfig } from '../../dev/wrangler-config.ts'
import { UsageError } from '../usage-error.ts'
import { scalars } from './scalars.ts'

/**
 * `vars` of wrangler's configuration. An environment has its own alone: vars are not inherited
 * (https://developers.cloudflare.com/workers/wrangler/environments/#non-inheritable-keys-and-environments).
 *
 * @param environment its name; absent for the top level
 * @throws {UsageError} when the configuration does not have this environment
 * @throws {StartError} when the file cannot be read
 */
export function readWranglerVariables(directory: string, environment: string | undefined): Variables {
  const config = readWranglerConfig(directory)
  if (!config) {
    if (environment === undefined) return {}
    throw new UsageError('--env names an environment of wrangler.toml, and there is none here.')
  }
  const { fileName, values } = config
  if (environment === undefined) return scalars(values['vars'])
  const environments = isRecord(values['env']) ? values['env'] : {}
  const chosen = Object.hasOwn(environments, environment) ? environments[environment] : undefined
  if (isRecord(chosen)) return scalars(chosen['vars'])
  const names = Object.keys(environments).join(', ') || 'none'
  throw new UsageError(`--env: ${fileName} has no environment ${environment}; it has ${names}.`)
}
