import type { OpenPostgres, OpenRedis } from './interfaces.ts'

/**
 * What a platform can do besides HTTP: the function asks over HTTP alone where it is passed none. Each member takes the URL
 * of the configuration.
 *
 * @example
 * createHealth({ environment, transports: { postgres: (url) => postgresOverTcp(url, loadPg) } })
 */
export interface Transports {
  /** Postgres over TCP: `postgres://user:password@host/database`. */
  readonly postgres?: (url: string) => OpenPostgres
  /** Where Postgres's login comes from, when it is not the variable of the configuration: the name of a binding. */
  readonly postgresLogin?: string
  /** Redis over TCP: `redis://` or, with TLS, `rediss://`. */
  readonly redis?: (url: string) => OpenRedis
}
