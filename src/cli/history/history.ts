import { readConfig } from '../../config/config.ts'
import { availableOf, openRedisOf } from '../../configured-clients.ts'
import { CheckError } from '../../core/check.ts'
import { decodeHistory, maxHistoryBytes } from '../../history/encode.ts'
import { expectedRunMs, knownHistory } from '../../history/history.ts'
import { nodeTransports } from '../../platforms/node/transports.ts'
import { type EnvironmentOptions, readEnvironment } from '../check/environment.ts'
import { painter } from '../terminal/terminal.ts'
import { UsageError } from '../usage-error.ts'
import { renderHistory } from './render.ts'

interface HistoryOptions extends EnvironmentOptions {
  readonly key?: string | undefined
  readonly json: boolean
}

const timeoutMs = 10_000

/**
 * Prints what the store remembers. Costs one Redis command.
 *
 * @returns the exit code: 1 when there is no history, or it cannot be read
 * @throws {UsageError} where no Redis is configured
 */
export async function printHistory(options: HistoryOptions): Promise<number> {
  const { redis, store, mistakes } = readConfig(readEnvironment(options), [], availableOf(nodeTransports))
  const open = redis && openRedisOf(redis, nodeTransports)
  if (!open) {
    const sentences = mistakes.filter(({ check }) => check === 'redis').map(({ sentence }) => sentence)
    throw new UsageError(sentences.join('\n') || 'no Redis is configured')
  }
  const key = `${options.key ?? store?.key ?? 'edge-health:health-check'}:history`
  let text: string
  try {
    text = await open(AbortSignal.timeout(timeoutMs)).getrange(key, 0, maxHistoryBytes)
  } catch (error) {
    console.error(`The store cannot be asked: ${error instanceof CheckError ? error.code : 'error'}`)
    return 1
  }
  const decoded = decodeHistory(text)
  if (!decoded) {
    console.error(
      text === ''
        ? `There is no history at ${key}: is HEALTH_STORE=redis set where the function runs, and is --key right?`
        : `What is at ${key} is not a history of this version.`,
    )
    return 1
  }
  const { records, incidents } = knownHistory(decoded.history, expectedRunMs, Date.now())
  const lines = options.json
    ? [JSON.stringify({ checks: Object.fromEntries(records), incidents })]
    : renderHistory(records, incidents, Date.now(), painter(process.stdout))
  process.stdout.write(`${lines.join('\n')}\n`)
  return 0
}
