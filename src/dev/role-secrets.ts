import pg from 'pg'
import { dropConnection, holdProcess, openConnection } from './postgres-connection.ts'

/**
 * What Postgres keeps of the password of a role. Neon's proxy asks its control plane for it before it hands out a kept
 * connection (proxy/src/auth/backend); here a connection of the configured user reads it from pg_authid.
 */
export interface RoleSecrets {
  /** Undefined when it cannot be known: the configured user may not read it, or the role has no password. */
  current(role: string, signal: AbortSignal): Promise<string | undefined>
  close(): void
}

/** Knows nothing, so that no connection is kept. */
export const noSecrets: RoleSecrets = { current: async () => undefined, close: () => {} }

/** SQLSTATE of `permission denied` (PostgreSQL manual, appendix A). */
const permissionDenied = '42501'

export function createRoleSecrets(databaseUrl: string): RoleSecrets {
  const last = new Map<string, string>()
  let opening: Promise<pg.Client> | undefined
  let queue: Promise<unknown> = Promise.resolve()
  let isAllowed = true

  async function read(
    connection: Promise<pg.Client>,
    role: string,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const asked = await connection
    holdProcess(asked, false)
    const giveUp = () => forget(connection)
    signal.addEventListener('abort', giveUp)
    try {
      const { rows } = await oneAfterAnother(
        asked,
        'select rolpassword from pg_authid where rolname = $1',
        role,
      )
      return rows[0]?.rolpassword ?? undefined
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** pg runs one query at a time on a connection. */
  function oneAfterAnother(asked: pg.Client, text: string, value: string): Promise<pg.QueryResult> {
    const result = queue.then(() => asked.query(text, [value]))
    queue = result.catch(() => {})
    return result
  }

  function forget(lost: Promise<pg.Client> | undefined): void {
    if (opening !== lost) return
    opening = undefined
    lost?.then(dropConnection, () => {})
  }

  return {
    async current(role, signal) {
      if (!isAllowed) return undefined
      opening ??= openConnection(databaseUrl, signal)
      const connection = opening
      try {
        const secret = await read(connection, role, signal)
        if (secret !== undefined) last.set(role, secret)
        return secret
      } catch (error) {
        isAllowed = !(error instanceof pg.DatabaseError && error.code === permissionDenied)
        forget(connection)
        // The proxy remembers what it knew last, so that a server that is away is noticed on a kept connection.
        return isAllowed ? last.get(role) : undefined
      }
    },
    close: () => forget(opening),
  }
}
