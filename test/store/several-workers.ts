import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type FaultProxy, startFaultProxy } from '../servers/fault-proxy.ts'
import { startWorkerd, type WorkerdServer } from '../servers/workerd.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { startAll } from '../support/start-all.ts'

/** An alert as its webhook got it. */
export interface SentMessage {
  readonly event: string
  readonly check: string
  readonly id: string
}

/** One workerd process with a way of its own to Redis. */
interface OneWorker {
  readonly server: WorkerdServer
  /** Between it and Redis. */
  readonly redis: FaultProxy
  /** Asks for a result, and says how it was answered. */
  ask(): Promise<{ readonly status: number; readonly ms: number }>
}

interface SeveralWorkers {
  readonly stack: TestStack
  readonly workers: readonly OneWorker[]
  readonly notified: readonly SentMessage[]
  /** Called with every alert before it is answered. */
  onAlert: (alert: SentMessage) => Promise<void> | void
  /** What a command of the terminal has to be notified. */
  readonly environment: Record<string, string>
  close(): Promise<void>
}

/** Workers with one database and one store; each clock is wrong by its number of ms. */
export async function startSeveralWorkers(
  skewsMs: readonly number[],
  changes: Record<string, string> = {},
): Promise<SeveralWorkers> {
  const stack = await startStack()
  const notified: SentMessage[] = []
  const server = createServer(async (request, response) => {
    const alert: SentMessage = JSON.parse(await text(request))
    notified.push(alert)
    await all.onAlert(alert)
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const environment = {
    ...stack.environment,
    HEALTH_CHECKS: 'database',
    HEALTH_STORE: 'redis',
    HEALTH_TTL_PASS: '1',
    HEALTH_TTL_FAIL: '1',
    ALERT_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ALERT_WEBHOOK_SECRET: 'planted-webhook-secret',
    ...changes,
  }
  const workers = await startAll(skewsMs.map((skewMs) => startWorker(environment, skewMs)))
  const all: SeveralWorkers = {
    stack,
    workers,
    notified,
    onAlert: () => {},
    environment,
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      server.closeAllConnections()
      server.close()
      await stack.close()
    },
  }
  return all
}

async function startWorker(environment: Record<string, string>, skewMs: number) {
  const redis = await startFaultProxy(environment['UPSTASH_REDIS_REST_URL'] ?? '')
  const server = await startWorkerd({
    entry: 'test/store/skewed-worker.ts',
    bindings: { ...environment, CLOCK_SKEW_MS: String(skewMs), UPSTASH_REDIS_REST_URL: redis.url },
  })
  return {
    server,
    redis,
    async ask() {
      const startedAt = performance.now()
      const answer = await fetch(`${server.url}/health-check`)
      await answer.arrayBuffer()
      return { status: answer.status, ms: performance.now() - startedAt }
    },
    async close() {
      await server.close()
      await redis.close()
    },
  }
}
