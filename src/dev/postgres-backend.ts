import { connect } from 'node:net'
import pg from 'pg'
import { dropConnection, endConnection, openConnection } from './postgres-connection.ts'
import { createPool } from './postgres-pool.ts'
import { createRoleSecrets, noSecrets } from './role-secrets.ts'
import {
  AnswerTooLarge,
  maxSqlBytes,
  type SqlAnswer,
  type SqlBackend,
  SqlError,
  type SqlStatement,
} from './sql-backend.ts'

/**
 * A real Postgres behind SQL over HTTP, with connections that are kept as Neon's proxy keeps them. The host and port are
 * always those of `databaseUrl`, whatever a request names.
 *
 * @param options.keepConnections [keepConnections=true] false opens a connection for each request: for tests that drop
 *   or copy a database, or change its settings, between two requests
 */
export function postgresBackend(
  databaseUrl: string,
  { keepConnections = true }: { readonly keepConnections?: boolean } = {},
): SqlBackend {
  const pool = createPool(databaseUrl, keepConnections ? createRoleSecrets(databaseUrl) : noSecrets)
  return {
    async session(login, signal, use) {
      const { client, giveBack, discard, lose } = await pool.take(login, signal)
      const cancel = () => cancelQuery(client)
      signal.addEventListener('abort', cancel)
      try {
        const result = await use({ execute: (statement) => execute(client, statement) })
        // The cancel of a client that went away is still on its way: it would end the query of the next request.
        if (signal.aborted) discard()
        else giveBack()
        return result
      } catch (error) {
        if (signal.aborted || !(error instanceof SqlError)) discard()
        // After an error of the statement the connection is as good as before.
        else if (error.fault.severity === 'ERROR') giveBack()
        else lose()
        throw error
      } finally {
        signal.removeEventListener('abort', cancel)
      }
    },
    close: () => pool.close(),
  }
}

/**
 * Connects once, with the configured user.
 * @param signal ends it
 * @throws {ConnectError} when the database cannot be used
 */
export async function probePostgres(databaseUrl: string, signal: AbortSignal): Promise<void> {
  endConnection(await openConnection(databaseUrl, signal))
}

function execute(client: pg.Client, { text, values }: SqlStatement): Promise<SqlAnswer> {
  return new Promise((resolve, reject) => {
    const rows: (string | null)[][] = []
    let bytes = 0
    const query = client.query(
      new pg.Query({
        text,
        values: [...values],
        rowMode: 'array',
        queryMode: 'extended',
        types: { getTypeParser: () => (value: unknown) => value },
      } as pg.QueryConfig),
    )
    query.on('row', (row) => {
      // What was on its way when the query was cancelled.
      if (bytes > maxSqlBytes) return
      const cells: (string | null)[] = row
      for (const cell of cells) bytes += cell?.length ?? 4
      if (bytes > maxSqlBytes) {
        reject(new AnswerTooLarge())
        cancelQuery(client)
      } else rows.push(cells)
    })
    query.once('error', (error) =>
      reject(new SqlError(error instanceof pg.DatabaseError ? error : { message: 'connection closed' })),
    )
    query.once('end', ({ fields, command, rowCount }) =>
      resolve({ fields: fields.map(describe), rows, command: command ?? '', rowCount }),
    )
  })
}

function describe(field: pg.FieldDef) {
  const { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier } = field
  return { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier }
}

/**
 * Asks the server to give up what the connection is executing: a request of 16 bytes on a connection of its own,
 * which needs neither TLS nor a login (PostgreSQL manual, 54.2.8), then drops the connection.
 */
function cancelQuery(client: pg.Client): void {
  const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
  const request = Buffer.alloc(16)
  request.writeInt32BE(16, 0)
  request.writeInt32BE(80877102, 4)
  request.writeInt32BE(processID, 8)
  request.writeInt32BE(secretKey, 12)
  const socket = connect({ host: client.host, port: client.port, timeout: 2000 }, () => socket.end(request))
  socket.on('timeout', () => socket.destroy())
  socket.on('error', () => {})
  socket.once('close', () => dropConnection(client))
}
