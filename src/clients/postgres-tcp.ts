import type pg from 'pg'
import { answerTooLarge, maxAnswerBytes } from './answer-size.ts'
import type { OpenPostgres } from './interfaces.ts'
import { type Connect, postgresOverSessions } from './postgres-sessions.ts'

/** The driver, https://node-postgres.com. */
export type Pg = Pick<typeof pg, 'Client'>

/** How servers name the session in `pg_stat_activity`, unless the connection string has another name. */
const applicationName = 'edge-health-check'

/**
 * Opens clients that ask over TCP, with TLS as `sslmode` of the connection string says. Each run has one connection of its
 * own and keeps none: a kept one would not notice that new ones are refused, which is what the application needs to know.
 *
 * @param load loads the driver, when the first run asks
 * @example
 * const rows = await postgresOverTcp(url, async () => pg)(signal).query({ text: 'select 1 as answer' })
 */
export function postgresOverTcp(url: string, load: () => Promise<Pg>): OpenPostgres {
  return postgresOverSessions(connectWith(url, load))
}

function connectWith(connectionString: string, load: () => Promise<Pg>): Connect {
  return async (signal) => {
    const { Client } = await load()
    signal.throwIfAborted()
    const client = new Client({
      connectionString: explicitTls(connectionString),
      fallback_application_name: applicationName,
    })
    // A connection that breaks while nothing runs on it is noticed by the next statement.
    client.on('error', () => {})
    const { connection } = client
    const destroy = () => connection.stream.destroy()
    const bytes = countBytes(client)
    signal.addEventListener('abort', destroy)
    try {
      await client.connect()
    } catch (error) {
      destroy()
      throw bytes.isTooMany() ? answerTooLarge() : error
    } finally {
      signal.removeEventListener('abort', destroy)
    }
    return {
      async execute({ text, values = [] }) {
        bytes.reset()
        try {
          return (await client.query(text, [...values])).rows
        } catch (error) {
          throw bytes.isTooMany() ? answerTooLarge() : error
        }
      },
      close: (isBroken) => (isBroken ? destroy() : terminate(client)),
    }
  }
}

/**
 * pg 8 verifies the certificate with each of these, and prints eight lines to say that pg 9 will not
 * (https://node-postgres.com/features/ssl). With `verify-full`, which is what it does, it prints nothing and stays as strict.
 */
const explicitTls = (connectionString: string): string =>
  /[?&]uselibpqcompat=true/.test(connectionString)
    ? connectionString
    : connectionString.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|#|$)/g, '$1verify-full')

/** Without the message Terminate the server would write a line into its log. Nothing waits until the server has ended. */
function terminate(client: pg.Client): void {
  const { stream } = client.connection
  stream.once('finish', () => stream.destroy())
  client.end().catch(() => {})
}

/** Ends the connection when one answer gets larger than what is read of any server. */
function countBytes({ connection }: pg.Client) {
  let bytes = 0
  const count = (chunk: { readonly length: number }) => {
    bytes += chunk.length
    if (bytes > maxAnswerBytes) connection.stream.destroy()
  }
  connection.stream.on('data', count)
  // With TLS another stream takes its place.
  connection.on('sslconnect', () => void connection.stream.on('data', count))
  return {
    isTooMany: () => bytes > maxAnswerBytes,
    reset: () => {
      bytes = 0
    },
  }
}
