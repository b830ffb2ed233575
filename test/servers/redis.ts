import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { endProcess, freePort, requireProgram, signalFamily, start, until } from './process.ts'

/** A real Redis of the tests' own. */
export interface RedisServer {
  readonly port: number
  readonly url: string
  /** Runs one command on a connection of its own. */
  command(...args: (string | number)[]): Promise<unknown>
  freeze(): void
  thaw(): void
  stop(): Promise<void>
  /** Starts it again on the same port, empty. */
  start(): Promise<void>
  close(): Promise<void>
}

/** @param settings lines of redis.conf, `{ maxmemory: '2mb' }` */
export async function startRedis(settings: Record<string, string> = {}): Promise<RedisServer> {
  const program = requireProgram('redis-server', 'redis-server')
  const directory = mkdtempSync(join(tmpdir(), 'health-redis-'))
  const port = await freePort()
  const password = settings['requirepass']
  const url = `redis://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${port}`
  const all = {
    port: String(port),
    bind: '127.0.0.1',
    dir: directory,
    save: '""',
    appendonly: 'no',
    ...settings,
  }
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value === '""' ? '' : value])
  let running: ReturnType<typeof start> | undefined

  async function command(...parts: (string | number)[]): Promise<unknown> {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return await client.call(String(parts[0]), ...parts.slice(1).map(String))
    } finally {
      client.disconnect()
    }
  }

  async function startServer(): Promise<void> {
    running = start(program, args)
    const { output } = running
    await until('Redis ready', () => command('PING')).catch((error) => {
      throw new Error(`Redis did not start: ${output()}`, { cause: error })
    })
  }

  async function stop(): Promise<void> {
    if (running) await endProcess(running.child)
    running = undefined
  }

  await startServer()
  return {
    port,
    url,
    command,
    freeze: () => running?.child.pid && signalFamily(running.child.pid, 'SIGSTOP'),
    thaw: () => running?.child.pid && signalFamily(running.child.pid, 'SIGCONT'),
    stop,
    start: startServer,
    async close() {
      await stop()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
