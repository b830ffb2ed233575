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
  /** Redis over TCP: `redis://` or, with TLS, `rediss://`. */
  readonly redis?: (url: string) => OpenRedis
}
