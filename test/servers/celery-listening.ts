import { until } from './process.ts'
import type { RedisServer } from './redis.ts'

/**
 * Resolves when this many workers wait for tasks and for control messages, each on a connection of its own. A worker says that it
 * is ready a moment before it subscribes.
 */
export function untilListening(
  redis: Pick<RedisServer, 'command'>,
  workers: number,
  patienceMs?: number,
): Promise<boolean> {
  const listen = async () => {
    const lines = String(await redis.command('CLIENT', 'LIST')).split('\n')
    const count = (what: RegExp) => lines.filter((line) => what.test(line)).length
    return count(/ psub=1 /) === workers && count(/ flags=\w*b\w* /) === workers
  }
  return until(`${workers} workers listen`, listen, patienceMs)
}
