import { connect } from 'node:net'
import pg from 'pg'
import {
  AnswerTooLarge,
  ConnectError,
  type Login,
  maxSqlBytes,
  type PostgresFault,
  passwordFault,
  type SqlAnswer,
  type SqlBackend,
  SqlError,
  type SqlStatement,
} from './sql-backend.ts'

/** How long a connection attempt may take, in ms. */
const connectTimeoutMs = 10_000

/** SQLSTATEs by which Postgres refuses a user or a password (PostgreSQL manual, appendix A, class 28). */
const refusedLogins = ['28P01', '28000']

/**
 * A real Postgres behind SQL over HTTP. Every request has a connection of its own, with the user, password and
 * database of its own connection string, so the server may be stopped, restarted or its database made anew in
 * between. The host and port are always those of `databaseUrl`, whatever a request names.
 */
export function postgresBackend(databaseUrl: string): SqlBackend {
  return {
    async session(login, signal, use) {
      const client = await open(withLogin(databaseUrl, login), signal)
      const cancel = () => cancelQuery(client)
      signal.addEventListener('abort', cancel)
      try {
        return await use({ execute: (statement) => execute(client, statement) })
      } finally {
        signal.removeEventListener('abort', cancel)
        close(client)
      }
    },
  }
}

/**
 * Connects once, with the configured user.
 * @param signal ends it
 * @throws {ConnectError} when the database cannot be used
 */
export async function probePostgres(databaseUrl: string, signal: AbortSignal): Promise<void> {
  close(await open(databaseUrl, signal))
}

async function open(connectionString: string, signal: AbortSignal): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs })
  // A connection that breaks while nothing runs on it is noticed by the next statement.
  client.on('error', () => {})
  // Without a goodbye: after one, pg would let its `connect` wait for ever.
  const abort = () => client.connection.stream.destroy()
  signal.addEventListener('abort', abort)
  try {
    signal.throwIfAborted()
    await client.connect()
    return client
  } catch (error) {
    drop(client)
    throw connectError(error, client.user ?? '')
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** The configured server, asked by the caller of the request. */
function withLogin(databaseUrl: string, { user, password, database, applicationName }: Login): string {
  const url = new URL(databaseUrl)
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  url.pathname = `/${encodeURIComponent(database)}`
  if (applicationName) url.searchParams.set('application_name', applicationName)
  return url.href
}

/** Says goodbye, so that the server's log stays quiet. */
function close(client: pg.Client): void {
  client.end().catch(() => {})
}

/** Ends the connection at once: a frozen server would never answer a goodbye. */
function drop(client: pg.Client): void {
  close(client)
  client.connection.stream.destroy()
}

function connectError(error: unknown, user: string): ConnectError {
  const fault = faultOf(error)
  if (refusedLogins.includes(fault.code ?? '')) return new ConnectError('caller', passwordFault(user))
  return new ConnectError('database', fault)
}

/** Only Postgres's own errors have a severity; the others are the network's, whose codes are not SQLSTATEs. */
function faultOf(error: unknown): PostgresFault {
  if (error instanceof pg.DatabaseError) return error
  const { message, code } = error as NodeJS.ErrnoException
  return { message: `error connecting to server: ${message || code || 'connection refused'}` }
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
      const cells = row as unknown as (string | null)[]
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
  socket.once('close', () => drop(client))
}
