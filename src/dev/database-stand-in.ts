import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { relative, resolve } from 'node:path'
import { count, startEmbeddedDatabase } from './embedded-database.ts'
import type { Variables } from './environment.ts'
import { postgresBackend, probePostgres } from './postgres-backend.ts'
import { ConnectError, type Login } from './sql-backend.ts'
import { startSqlOverHttp } from './sql-over-http.ts'
import type { StackOptions, StandIn } from './stand-in.ts'
import { StartError } from './start-error.ts'
import { switchable } from './switchable.ts'

/**
 * What the Worker asks as its Postgres: DATABASE_HTTP_ENDPOINT as it is; else a local SQL-over-HTTP service in front of
 * DATABASE_URL, or of an embedded Postgres. A real database is only ever asked what the Worker asks.
 */
export async function startDatabase(options: StackOptions): Promise<StandIn> {
  const { environment, signal } = options
  if (environment['DATABASE_HTTP_ENDPOINT']) {
    return used(
      'real',
      `asked through ${hostOf(environment['DATABASE_HTTP_ENDPOINT'])} (DATABASE_HTTP_ENDPOINT)`,
    )
  }
  const url = environment['DATABASE_URL']
  return url ? frontRealPostgres(url, environment, signal) : embedPostgres(options)
}

const used = (kind: StandIn['kind'], description: string): StandIn => ({
  kind,
  description,
  variables: {},
  ready: Promise.resolve(),
  close: async () => {},
})

async function frontRealPostgres(
  given: string,
  environment: Variables,
  signal: AbortSignal,
): Promise<StandIn> {
  const url = completeDatabaseUrl(given, environment)
  await probePostgres(url, signal).catch((error) => {
    throw new StartError(unreachable(url, error))
  })
  const service = await startSqlOverHttp({ backend: postgresBackend(url) })
  const { host, pathname } = new URL(url)
  return {
    kind: 'real',
    description: `${host}${pathname} (DATABASE_URL)`,
    variables: { DATABASE_URL: url, DATABASE_HTTP_ENDPOINT: service.url },
    ready: Promise.resolve(),
    close: service.close,
  }
}

/** libpq fills in what a connection string leaves out; the driver of SQL over HTTP refuses to. */
function completeDatabaseUrl(given: string, environment: Variables): string {
  const url = URL.parse(given)
  if (!url || !/^postgres(ql)?:$/.test(url.protocol) || !url.hostname) {
    throw new StartError(
      'DATABASE_URL: expected postgres://user:password@host/database, found something else.',
    )
  }
  url.username ||= encodeURIComponent(environment['PGUSER'] ?? userInfo().username)
  url.password ||= encodeURIComponent(environment['PGPASSWORD'] ?? 'none')
  if (url.pathname.length < 2) url.pathname = environment['PGDATABASE'] ?? url.username
  return url.href
}

function unreachable(url: string, error: unknown): string {
  const { host, pathname } = new URL(url)
  const reason = error instanceof ConnectError ? error.fault.message : String(error)
  return `DATABASE_URL: the Postgres at ${host}${pathname} cannot be used (${reason}); start it, correct DATABASE_URL, or unset it for an embedded one.`
}

function hostOf(url: string): string {
  return URL.parse(url)?.host ?? 'an address that is not a URL'
}

async function embedPostgres({ sources, workingDirectory, log }: StackOptions): Promise<StandIn> {
  const login: Login = {
    user: 'postgres',
    password: randomBytes(18).toString('base64url'),
    database: 'postgres',
  }
  const database = await startEmbeddedDatabase({ sources, workingDirectory, login, log })
  const { url, power, close } = await switchable((at) =>
    startSqlOverHttp({ backend: database.backend, ...(at !== undefined && { port: at }) }),
  )
  const origin = resolve(workingDirectory, sources.migrations ?? sources.config ?? '.')
  return {
    kind: 'embedded',
    description: `PGlite, ${count(database.migrations)} of ${relative(workingDirectory, origin)}`,
    variables: {
      DATABASE_URL: `postgres://${login.user}:${login.password}@127.0.0.1/${login.database}`,
      DATABASE_HTTP_ENDPOINT: url,
    },
    ready: database.ready,
    power,
    async close() {
      await close()
      await database.close()
    },
  }
}
