import { CheckError } from '../core/check.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import type { OpenPostgres, Postgres, Row, Statement } from './interfaces.ts'
import { createRetryOnce } from './retry-once.ts'
import { sessionFault } from './session-fault.ts'

/** One session with a server, as a driver gives it. */
interface PostgresSession {
  /** Runs one statement. Rejects with what the driver throws. */
  execute(statement: Statement): Promise<readonly Row[]>
  /**
   * Ends it, or gives it back to the pool that it came from. Must not throw, and must not wait for the server.
   *
   * @param isBroken something may be under way or half done in it: it must not be used by anybody again
   */
  close(isBroken: boolean): void
}

/** Opens a session. Rejects soon after the signal has aborted, and leaves nothing behind then. */
export type Connect = (signal: AbortSignal) => Promise<PostgresSession>

const begin: Statement = { text: 'begin isolation level read committed read only' }
const commit: Statement = { text: 'commit' }

/**
 * Opens clients over sessions: one session for each run, opened when it first asks and closed when the signal aborts, which
 * it does at the end of every run. What is under way then is cut off, so a server that is frozen holds nothing.
 */
export function postgresOverSessions(connect: Connect, clock: Clock = systemClock): OpenPostgres {
  return (signal) => openRun(connect, signal, clock)
}

function openRun(connect: Connect, signal: AbortSignal, clock: Clock): Postgres {
  const retryOnce = createRetryOnce(clock, signal)
  let session: PostgresSession | undefined
  let isBusy = false
  const close = (isBroken: boolean) => {
    session?.close(isBroken)
    session = undefined
  }
  signal.addEventListener('abort', () => close(isBusy), { once: true })
  const attempt = async <T>(ask: (session: PostgresSession) => Promise<T>): Promise<T> => {
    if (signal.aborted) throw new CheckError('timeout', 'no answer within the time limit')
    isBusy = true
    try {
      session ??= await connect(signal)
      // The signal may have aborted between the last step of connecting and this one.
      if (signal.aborted) close(true)
      signal.throwIfAborted()
      return await ask(session)
    } catch (error) {
      // Inside of a transaction nothing else is possible, and after any other error a new session costs little.
      close(true)
      throw sessionFault(error, signal)
    } finally {
      isBusy = false
    }
  }
  // One after the other: a session runs one statement at a time.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(ask: (session: PostgresSession) => Promise<T>): Promise<T> => {
    const asking = last.then(() => retryOnce(() => attempt(ask)))
    last = asking.catch(() => {})
    return asking
  }
  return {
    query: (statement) => inTurn(async (session) => [...(await session.execute(statement))]),
    readOnlyBatch: (statements) => inTurn((session) => batch(session, statements)),
  }
}

async function batch(session: PostgresSession, statements: readonly Statement[]): Promise<Row[][]> {
  const answers: Row[][] = []
  await session.execute(begin)
  for (const statement of statements) answers.push([...(await session.execute(statement))])
  await session.execute(commit)
  return answers
}
