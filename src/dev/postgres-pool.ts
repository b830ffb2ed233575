import type pg from 'pg'
import { dropConnection, endConnection, holdProcess, openConnection } from './postgres-connection.ts'
import type { RoleSecrets } from './role-secrets.ts'
import type { Login } from './sql-backend.ts'

/** A connection for one request, which ends by exactly one of the three. */
interface PooledConnection {
  readonly client: pg.Client
  /** Keeps it for the next request with the same login. */
  giveBack(): void
  /** Ends it. */
  discard(): void
  /** It is lost: ends also what is kept for this login, since what happened to one has probably happened to all. */
  lose(): void
}

interface ConnectionPool {
  /** @throws {ConnectError} */
  take(login: Login, signal: AbortSignal): Promise<PooledConnection>
  close(): Promise<void>
}

/** How many connections are kept for one login. */
const maxKept = 20

/**
 * What Neon's proxy runs before a connection serves another request
 * (`reset` in libs/proxy/tokio-postgres2/src/client.rs, called from proxy/src/serverless/conn_pool.rs).
 */
const reset =
  'ROLLBACK; CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *; SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES'

/**
 * Connections that are kept between requests, by user, password and database, as Neon's proxy keeps them
 * (proxy/src/serverless/conn_pool_lib.rs). A kept connection is not looked at until it is used: when the server ended it
 * meanwhile, that request fails with `connection closed`, as it does at Neon after a compute was suspended.
 *
 * @param secrets where nothing is known of a role, nothing is kept for it, because the password could not be verified
 */
export function createPool(databaseUrl: string, secrets: RoleSecrets): ConnectionPool {
  const kept = new Map<string, pg.Client[]>()

  const discardAll = (key: string) => {
    for (const client of kept.get(key) ?? []) dropConnection(client)
    kept.delete(key)
  }

  async function keep(key: string, client: pg.Client): Promise<void> {
    try {
      await client.query(reset)
    } catch {
      return dropConnection(client)
    }
    const others = kept.get(key) ?? []
    if (closed || others.length >= maxKept) return endConnection(client)
    holdProcess(client, false)
    kept.set(key, [...others, client])
  }

  let closed = false
  return {
    async take(login, signal) {
      const secret = await secrets.current(login.user, signal)
      const key = JSON.stringify([login.user, login.password, login.database, secret])
      const client = kept.get(key)?.pop() ?? (await openConnection(withLogin(databaseUrl, login), signal))
      holdProcess(client, true)
      return {
        client,
        giveBack: () => (secret === undefined ? endConnection(client) : void keep(key, client)),
        discard: () => dropConnection(client),
        lose() {
          dropConnection(client)
          discardAll(key)
        },
      }
    },
    async close() {
      closed = true
      for (const key of [...kept.keys()]) discardAll(key)
      secrets.close()
    },
  }
}

/** The configured server, asked by the caller of the request. */
function withLogin(databaseUrl: string, { user, password, database }: Login): string {
  const url = new URL(databaseUrl)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  url.pathname = `/${encodeURIComponent(database)}`
  return url.href
}
