import type { Transports } from '../../clients/transports.ts'
import type { Environment } from '../../config/config.ts'
import { isRecord } from '../../core/is-record.ts'

/**
 * Puts the connection string of a Hyperdrive binding into the environment, and brings the driver that asks it.
 *
 * @example
 * const bound: Hyperdrive = hyperdrive('BILLING')
 */
export type Hyperdrive = (environment: Environment) => {
  readonly environment: Environment
  readonly transports?: Transports
}

/**
 * The environment with the connection string of a binding in the place of DATABASE_URL
 * (https://developers.cloudflare.com/hyperdrive/). It stays as it is where there is no such binding, as in a local run.
 *
 * @param binding the binding's name in wrangler.toml
 */
export function withHyperdrive(environment: Environment, binding: string): Environment {
  const bound = environment[binding]
  const connectionString = isRecord(bound) ? bound['connectionString'] : undefined
  return typeof connectionString === 'string'
    ? { ...environment, DATABASE_URL: connectionString, DATABASE_HTTP_ENDPOINT: undefined }
    : environment
}
