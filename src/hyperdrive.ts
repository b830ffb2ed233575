import pg from 'pg'
import { postgresOverTcp } from './clients/postgres-tcp.ts'
import { type Hyperdrive, withHyperdrive } from './platforms/cloudflare/hyperdrive.ts'

export type { Hyperdrive } from './platforms/cloudflare/hyperdrive.ts'

/**
 * Asks Postgres through a Hyperdrive binding: any Postgres, over TCP. It needs the package `pg` and `nodejs_compat` among the
 * `compatibility_flags` of wrangler.toml. Each run has one connection of its own to Hyperdrive, which keeps those to the
 * database. Without the binding DATABASE_URL is asked as if this were not here.
 *
 * @param binding the binding's name in wrangler.toml. [HYPERDRIVE]
 * @example
 * import { hyperdrive } from 'edge-health-check/hyperdrive'
 * import { createWorker } from 'edge-health-check/worker'
 *
 * export default createWorker({ expected, hyperdrive: hyperdrive() })
 */
export function hyperdrive(binding = 'HYPERDRIVE'): Hyperdrive {
  return (environment) => ({
    environment: withHyperdrive(environment, binding),
    ...(withHyperdrive(environment, binding) !== environment && {
      transports: { postgres: (url) => postgresOverTcp(url, async () => pg), postgresLogin: binding },
    }),
  })
}
