import { Socket } from 'node:net'
import pg from 'pg'
import { errorCode } from '../core/error-code.ts'
import { ConnectError, type PostgresFault, passwordFault } from './sql-backend.ts'

/** How long a connection attempt may take, in ms. */
const connectTimeoutMs = 10_000

/** SQLSTATEs by which Postgres refuses a user or a password (PostgreSQL manual, appendix A, class 28). */
const refusedLogins = ['28P01', '28000']

/**
 * Opens a connection.
 * @param signal ends the attempt
 * @throws {ConnectError}
 */
export async function openConnection(connectionString: string, signal: AbortSignal): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: connectTimeoutMs })
  // A connection that breaks while nothing runs on it is noticed by the next statement.
  client.on('error', () => {})
  // Without the message Terminate: after it, pg would let its `connect` wait for ever.
  const abort = () => client.connection.stream.destroy()
  signal.addEventListener('abort', abort)
  try {
    signal.throwIfAborted()
    await client.connect()
    return client
  } catch (error) {
    dropConnection(client)
    throw connectError(error, client.user ?? '')
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** Does an open connection keep the process alive? One that only waits for the next request should not. */
export function holdProcess(client: pg.Client, holds: boolean): void {
  const { stream } = client.connection
  if (!(stream instanceof Socket)) return
  if (holds) stream.ref()
  else stream.unref()
}

/** Sends the message Terminate. Without it the server would write a line into its log. */
export function endConnection(client: pg.Client): void {
  client.end().catch(() => {})
}

/** Ends the connection at once: a frozen server would never answer. */
export function dropConnection(client: pg.Client): void {
  endConnection(client)
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
  const message = error instanceof Error ? error.message : ''
  return { message: `error connecting to server: ${message || errorCode(error) || 'connection refused'}` }
}
