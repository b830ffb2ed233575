import { type CeleryProcess, startWorker } from '../servers/celery.ts'
import { untilListening } from '../servers/celery-listening.ts'
import type { RedisServer } from '../servers/redis.ts'

/** Three real Celery workers. */
export interface CeleryWorkers {
  /** Resolves when all of them have started. */
  ready(): Promise<void>
  /** SIGSTOP to this many. */
  freeze(count: number): void
  thaw(): void
  /** kill -9 to this many. */
  kill(count: number): Promise<void>
  /** Starts those that are dead and waits until all listen; if they do not, all are started again. */
  recover(): Promise<void>
  close(): Promise<void>
}

const names = ['w1@test', 'w2@test', 'w3@test']

/** How long workers have to find back to their Redis by themselves, in ms. */
const patienceMs = 10_000

export function startCeleryWorkers(redis: RedisServer): CeleryWorkers {
  const startOne = (name: string) => startWorker({ redisUrl: redis.url, name })
  const workers: CeleryProcess[] = names.map(startOne)

  async function restart(which: readonly number[]): Promise<void> {
    for (const index of which) {
      await workers[index]?.kill9()
      workers[index] = startOne(names[index] as string)
    }
    await Promise.all(which.map((index) => workers[index]?.ready()))
  }

  const listening = () => untilListening(redis, workers.length, patienceMs)
  return {
    ready: async () => {
      await Promise.all(workers.map((worker) => worker.ready()))
    },
    freeze: (count) => {
      for (const worker of workers.slice(0, count)) worker.freeze()
    },
    thaw: () => {
      for (const worker of workers) worker.thaw()
    },
    kill: async (count) => {
      await Promise.all(workers.slice(0, count).map((worker) => worker.kill9()))
    },
    async recover() {
      await restart(workers.flatMap((worker, index) => (worker.hasEnded() ? [index] : [])))
      // One may never subscribe again after its Redis was gone (https://github.com/celery/celery/issues/8030).
      await listening().catch(async () => {
        await restart(names.map((_, index) => index))
        await listening()
      })
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}
