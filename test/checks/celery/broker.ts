import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Redis } from 'ioredis'
import {
  type CeleryCheckOptions,
  type CelerySettings,
  celeryCheck,
} from '../../../src/checks/celery/check.ts'
import { type RedisConnection, redisOverRest } from '../../../src/clients/redis.ts'
import type { Outcome } from '../../../src/core/check.ts'
import { redisBackend } from '../../../src/dev/real-redis.ts'
import type { RedisBackend } from '../../../src/dev/redis-backend.ts'
import { startRedisRest } from '../../../src/dev/redis-rest.ts'
import { type RedisServer, startRedis } from '../../servers/redis.ts'

/** A real Redis behind the REST API, and the check that asks it. */
export interface Broker {
  readonly redis: RedisServer
  readonly connection: RedisConnection
  /** With a token that may only read. */
  readonly readOnlyConnection: RedisConnection
  settings(changes?: CeleryChanges): TestSettings
  /** Runs the check once, with defaults but for the changes. */
  ask(changes?: CeleryChanges): Promise<Outcome>
  /** A connection as a user of this Redis who has these ACL rules. */
  connectAs(rules: string): Promise<RedisConnection>
  /** One whose server does what the first request asks, and closes the connection instead of answering. */
  connectLosingFirstAnswer(): Promise<RedisConnection>
  /** A stranger on every channel, as a debugging tool is. Ends with the broker. */
  listenToEverything(): Promise<Redis>
  /** Names of all keys, sorted. */
  keys(): Promise<string[]>
  close(): Promise<void>
}

const token = 'planted-redis-token'
const readOnlyToken = 'planted-read-only-token'

type TestSettings = CeleryCheckOptions & CelerySettings

/** What a test wants differently; `connection` is that of another broker. */
export type CeleryChanges = Partial<CeleryCheckOptions> & { readonly connection?: RedisConnection }

export function settingsFor(
  application: RedisConnection,
  { connection = application, ...changes }: CeleryChanges = {},
): TestSettings {
  return {
    redis: redisOverRest(connection),
    heartbeatRedis: redisOverRest(application),
    probe: 'control',
    expectedWorkers: 1,
    workers: [],
    queues: [],
    noReply: 'fail',
    keyPrefix: '',
    controlExchange: 'celery',
    // As long as the function permits: who answers ends the wait, and on a busy machine a worker takes its time.
    timeoutMs: 5000,
    heartbeatKey: 'edge-health:celery',
    heartbeatMaxAgeSeconds: 180,
    ...changes,
  }
}

/** @param options.beforeTrip what every round trip waits for */
export async function startBroker(
  options: { redis?: Record<string, string>; beforeTrip?: () => Promise<void> } = {},
): Promise<Broker> {
  const redis = await startRedis(options.redis)
  const backend = waiting(redisBackend(redis.url), options.beforeTrip)
  const servers: { close(): Promise<void> }[] = []
  const rest = await startRedisRest({ backend, token, readOnlyToken })
  servers.push(rest)
  const connection = { url: rest.url, token }
  const strangers: Redis[] = []
  const settings = (changes?: CeleryChanges) => settingsFor(connection, changes)
  return {
    redis,
    connection,
    readOnlyConnection: { ...connection, token: readOnlyToken },
    settings,
    ask: async (changes) =>
      celeryCheck(settings(changes)).run({ signal: AbortSignal.timeout(60_000), timeoutMs: 60_000 }),
    async connectAs(rules) {
      const user = `user-${randomUUID()}`
      await redis.command('ACL', 'SETUSER', user, 'on', '>password', 'resetchannels', ...rules.split(' '))
      const url = redis.url.replace('redis://', `redis://${user}:password@`)
      const server = await startRedisRest({ backend: redisBackend(url), token })
      servers.push(server)
      return { url: server.url, token }
    },
    async connectLosingFirstAnswer() {
      const server = await startLosingFirstAnswer(rest.url)
      servers.push(server)
      return { url: server.url, token }
    },
    async listenToEverything() {
      // The ready check is an INFO, which a subscriber may not send.
      const stranger = new Redis(redis.url, { enableReadyCheck: false })
      strangers.push(stranger)
      await stranger.psubscribe('*')
      return stranger
    },
    keys: async () => ((await redis.command('KEYS', '*')) as string[]).sort(),
    async close() {
      for (const stranger of strangers) stranger.disconnect()
      await Promise.all(servers.map((server) => server.close()))
      await redis.close()
    },
  }
}

function waiting(backend: RedisBackend, beforeTrip = async () => {}): RedisBackend {
  return {
    ...backend,
    session: async (signal, use) => {
      await beforeTrip()
      return backend.session(signal, use)
    },
  }
}

async function startLosingFirstAnswer(target: string) {
  let answered = 0
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { authorization = '' } = request.headers
    const answer = await fetch(target + request.url, { method: 'POST', headers: { authorization }, body })
    const answerBody = await answer.text()
    if (answered++ === 0) request.socket.destroy()
    else response.writeHead(answer.status).end(answerBody)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections())
  return { url: `http://127.0.0.1:${port}`, close }
}
