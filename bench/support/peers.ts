import { fileURLToPath } from 'node:url'
import { endProcess, freePort, start, until } from '../../test/servers/process.ts'

/** One of the servers that edge-health-check is measured beside. */
export interface Peer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  readonly pid: number
  close(): Promise<void>
}

/** The servers that a peer asks, as it asks them: on connections that stay open. */
export interface PeerDependencies {
  readonly databaseUrl: string
  readonly redisUrl: string
}

const peers = fileURLToPath(new URL('../peers/', import.meta.url))
/** gunicorn's processes: as many as the machine that the facts were measured on has cores. */
const processes = 2

/** The Flask peer under gunicorn. @param environment TTL_PASS, TTL_FAIL, CHECKS */
export function startFlask(
  { databaseUrl, redisUrl }: PeerDependencies,
  environment: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  return startPeer(
    '/usr/bin/gunicorn',
    (port) => [
      ...['--workers', String(processes), '--preload', '--chdir', `${peers}flask`],
      ...['--bind', `127.0.0.1:${port}`, 'app:app'],
    ],
    {
      // SQLAlchemy 1.4 knows the database by this scheme only.
      DATABASE_URL: databaseUrl.replace(/^postgres:/, 'postgresql:'),
      BROKER_URL: redisUrl,
      SCHEMAS: 'public,billing',
      PYTHONDONTWRITEBYTECODE: '1',
      ...environment,
    },
  )
}

/** The Node peer, @godaddy/terminus. */
export function startTerminus({ databaseUrl, redisUrl }: PeerDependencies): Promise<Peer> {
  return startPeer(process.execPath, () => [`${peers}godaddy/server.js`], {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    NODE_ENV: 'production',
  })
}

async function startPeer(
  program: string,
  args: (port: number) => string[],
  environment: Readonly<Record<string, string>>,
): Promise<Peer> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = { ...process.env, ...environment, PORT: String(port) }
  const { child, output } = start(program, args(port), { env })
  // A check that hangs keeps gunicorn from ending, and nothing of it is worth waiting for.
  const close = () => endProcess(child, 'SIGTERM', 1000)
  try {
    await until('the peer answers', async () => {
      if (child.exitCode !== null) throw new Error(output())
      return (await fetch(`${url}/plain`)).ok
    })
  } catch (error) {
    await close()
    throw new Error(`${program} did not start: ${output()}`, { cause: error })
  }
  return { url, pid: child.pid as number, close }
}
