import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { endProcess, onFreePort, type Started, signalFamily, start, untilReady } from './process.ts'
import { findRedisServer } from './requirements.ts'

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
  const program = findRedisServer()
  const directory = mkdtempSync(join(tmpdir(), 'health-redis-'))
  const password = settings['requirepass']
  let port = 0
  const url = () => `redis://${password ? `:${encodeURIComponent(password)}@` : ''}127.0.0.1:${port}`
  const all = {
    bind: '127.0.0.1',
    dir: directory,
    save: '""',
    appendonly: 'no',
    ...settings,
  }
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value === '""' ? '' : value])
  let running: Started | undefined

  async function command(...parts: (string | number)[]): Promise<unknown> {
    const client = new Redis(url(), { lazyConnect: true, retryStrategy: () => null, connectTimeout: 2000 })
    client.on('error', () => {})
    try {
      await client.connect()
      return await client.call(String(parts[0]), ...parts.slice(1).map(String))
    } finally {
      client.disconnect()
    }
  }

  async function startServer(): Promise<void> {
    running = start(program, ['--port', String(port), ...args])
    const { child } = running
    // Another one may be listening on the same port.
    await untilReady('Redis', running, async () =>
      String(await command('INFO', 'server')).includes(`process_id:${child.pid}\r\n`),
    )
  }

  async function stop(): Promise<void> {
    if (running) await endProcess(running.child)
    running = undefined
  }

  try {
    await onFreePort((free) => {
      port = free
      return startServer()
    })
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  }
  return {
    port,
    url: url(),
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
