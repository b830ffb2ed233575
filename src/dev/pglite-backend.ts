import { type PGlite, protocol } from '@electric-sql/pglite'
import {
  ConnectError,
  type Login,
  type PostgresFault,
  passwordFault,
  type SqlAnswer,
  type SqlBackend,
  SqlError,
  type SqlField,
  type SqlStatement,
} from './sql-backend.ts'

type Message = Awaited<ReturnType<PGlite['execProtocol']>>['messages'][number]

/** What the messages hold, by their names: PGlite's types keep it to themselves (`messages.ts` of @electric-sql/pg-protocol). */
interface Contents {
  readonly error: PostgresFault
  readonly rowDescription: { readonly fields: SqlField[] }
  readonly dataRow: { readonly fields: (string | null)[] }
  readonly commandComplete: { readonly text: string }
}

function contentOf<Name extends keyof Contents>(message: Message, name: Name): Contents[Name] | undefined {
  return message.name === name ? (message as unknown as Contents[Name]) : undefined
}

/**
 * An embedded Postgres behind SQL over HTTP. PGlite is a single session, so requests take turns: each has the
 * session to itself, from its first statement to the clean-up.
 * @param login the user, password and database that are let in; anybody when absent
 */
export function pgliteBackend(pglite: PGlite, login?: Login): SqlBackend {
  return {
    session: (caller, signal, use) => {
      if (login) admit(login, caller)
      return pglite.runExclusive(async () => {
        // The client may have gone while it waited for its turn.
        signal.throwIfAborted()
        try {
          return await use({ execute: (statement) => execute(pglite, statement) })
        } finally {
          await cleanUp(pglite)
        }
      })
    },
  }
}

function admit(login: Login, caller: Login): void {
  if (caller.user !== login.user || caller.password !== login.password) {
    throw new ConnectError('caller', passwordFault(caller.user))
  }
  if (caller.database !== login.database) {
    throw new ConnectError('database', {
      message: `database "${caller.database}" does not exist`,
      code: '3D000',
      severity: 'FATAL',
    })
  }
}

async function cleanUp(pglite: PGlite): Promise<void> {
  // Outside of a transaction ROLLBACK is a warning; DISCARD ALL is refused inside one.
  await execute(pglite, { text: 'ROLLBACK', values: [] })
  await execute(pglite, { text: 'DISCARD ALL', values: [] })
}

/** The extended query protocol, so that fields, command tags and errors are Postgres's own. */
async function execute(pglite: PGlite, { text, values }: SqlStatement): Promise<SqlAnswer> {
  const { serialize } = protocol
  const request = Buffer.concat(
    [
      serialize.parse({ text }),
      serialize.bind({ values: [...values] }),
      serialize.describe({ type: 'P' }),
      serialize.execute({}),
      serialize.sync(),
    ].map((message) => new Uint8Array(message)),
  )
  const { messages } = await pglite.execProtocol(request, { throwOnError: false })
  return readMessages(messages)
}

function readMessages(messages: readonly Message[]): SqlAnswer {
  const rows: (string | null)[][] = []
  let fields: SqlField[] = []
  let tag = ''
  for (const message of messages) {
    const fault = contentOf(message, 'error')
    if (fault) throw new SqlError(fault)
    const row = contentOf(message, 'dataRow')
    if (row) rows.push(row.fields)
    fields = contentOf(message, 'rowDescription')?.fields ?? fields
    tag = contentOf(message, 'commandComplete')?.text ?? tag
  }
  return { fields: fields.map(describe), rows, ...readTag(tag) }
}

function describe(field: SqlField): SqlField {
  const { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier } = field
  return { name, dataTypeID, tableID, columnID, dataTypeSize, dataTypeModifier }
}

/** `INSERT 0 3` is INSERT and 3, `SELECT 2` is SELECT and 2, `CREATE TABLE` is CREATE without a count. */
function readTag(tag: string): { command: string; rowCount: number | null } {
  const [command = '', ...rest] = tag.split(' ')
  const count = Number(rest.at(-1) ?? Number.NaN)
  return { command, rowCount: Number.isInteger(count) ? count : null }
}
