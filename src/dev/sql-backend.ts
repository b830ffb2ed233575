/** A statement as SQL over HTTP sends it: parameters are text, Postgres finds their types. */
export interface SqlStatement {
  readonly text: string
  readonly values: readonly (string | null)[]
}

/** A column of an answer; the names are those of the protocol. */
export interface SqlField {
  readonly name: string
  readonly dataTypeID: number
  readonly tableID: number
  readonly columnID: number
  readonly dataTypeSize: number
  readonly dataTypeModifier: number
}

/** What Postgres answered to one statement, every value in Postgres's text format. */
export interface SqlAnswer {
  readonly fields: readonly SqlField[]
  readonly rows: readonly (readonly (string | null)[])[]
  /** First word of the command tag; empty for an empty statement. */
  readonly command: string
  /** null where the tag has no count, as in `CREATE TABLE`. */
  readonly rowCount: number | null
}

/** A connection that nobody else uses. */
export interface SqlSession {
  /** @throws {SqlError} */
  execute(statement: SqlStatement): Promise<SqlAnswer>
}

/** Who asks for which database, from the request's own connection string. */
export interface Login {
  readonly user: string
  readonly password: string
  readonly database: string
}

/** Where the statements go. */
export interface SqlBackend {
  /**
   * Opens a session, uses it and leaves nothing of it behind: no transaction, no setting, no temporary table.
   * @param signal ends what runs in the session: the client went away
   * @throws {ConnectError}
   */
  session<T>(login: Login, signal: AbortSignal, use: (session: SqlSession) => Promise<T>): Promise<T>
  /** Ends what is kept between sessions. */
  close?(): Promise<void>
}

/** The fields of a Postgres error or notice (documented in the PostgreSQL manual, chapter 54.8). */
export interface PostgresFault {
  readonly message: string
  /** SQLSTATE; empty where Postgres was not the one who answered. */
  readonly code?: string | undefined
  readonly severity?: string | undefined
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly position?: string | undefined
  readonly internalPosition?: string | undefined
  readonly internalQuery?: string | undefined
  readonly where?: string | undefined
  readonly schema?: string | undefined
  readonly table?: string | undefined
  readonly column?: string | undefined
  readonly dataType?: string | undefined
  readonly constraint?: string | undefined
  readonly file?: string | undefined
  readonly line?: string | undefined
  readonly routine?: string | undefined
}

/** The statement was refused, or the connection was lost under it. */
export class SqlError extends Error {
  override readonly name = 'SqlError'
  readonly fault: PostgresFault
  constructor(fault: PostgresFault) {
    super(fault.message)
    this.fault = fault
  }
}

/** There is no session: nothing was executed. */
export class ConnectError extends Error {
  override readonly name = 'ConnectError'
  readonly fault: PostgresFault
  /** The caller's fault (a wrong password) or the database's. */
  readonly blame: 'caller' | 'database'
  constructor(blame: 'caller' | 'database', fault: PostgresFault) {
    super(fault.message)
    this.blame = blame
    this.fault = fault
  }
}

/** More bytes than the service returns. */
export class AnswerTooLarge extends Error {
  override readonly name = 'AnswerTooLarge'
}

/** How the service words a wrong user or password: it checks them itself, before Postgres is reached. */
export const passwordFault = (user: string): PostgresFault => ({
  message: `password authentication failed for user '${user}'`,
})

/** Largest request and largest answer of the service, in bytes (proxy/src/config.rs of neondatabase/neon). */
export const maxSqlBytes = 10 * 1024 * 1024
