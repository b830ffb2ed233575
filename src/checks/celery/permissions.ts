import { RedisError } from '../../clients/redis.ts'
import { CheckError } from '../../core/check.ts'
import { controlChannel, ownKeys, queueLists, registrySet } from './keys.ts'
import type { CelerySettings } from './settings.ts'

type AclSettings = Pick<
  CelerySettings,
  'keyPrefix' | 'controlExchange' | 'database' | 'separator' | 'prioritySteps' | 'queues' | 'maxBacklog'
>

/** The ACL rule of a Redis user who may do what the control probe does, and nothing else. */
export function aclRule(settings: AclSettings): string {
  const isCounted = settings.maxBacklog !== undefined
  const counted = isCounted ? countedKeys(settings) : headKeys(settings)
  const select = settings.database ? ['select'] : []
  const commands = [...select, 'eval', 'publish', 'lpush', 'expire', 'sadd', 'lrange', 'srandmember']
  return [
    ...[...ownKeys(settings), registrySet(settings), ...counted].map((key) => `~${key}`),
    `&${controlChannel(settings)}`,
    ...[...commands, ...(isCounted ? ['llen'] : []), ...(counted.length > 0 ? ['lindex'] : [])].map(
      (command) => `+${command}`,
    ),
  ].join(' ')
}

/** Without CELERY_QUEUES it is the workers who say which queues are counted. */
function countedKeys(settings: AclSettings): string[] {
  if (settings.queues.length === 0) return [`${settings.keyPrefix}*`]
  return settings.queues.flatMap((queue) => queueLists(settings, queue))
}

/** The list of each queue in which the next message waits. */
function headKeys(settings: AclSettings): string[] {
  return settings.queues.flatMap((queue) => queueLists(settings, queue).slice(0, 1))
}

/** Inside a script, Redis 7.0 says so instead of NOPERM (`scriptVerifyACL` in src/script.c). */
export const refusedInScript = /^ERR The user executing the script can't/

/** What a Redis says that takes no writes, and what it means for the control probe. */
const unwritable: Readonly<Record<string, string>> = {
  READONLY:
    'This Redis is a replica: workers listen on the primary and cannot be asked from here. Set the URL of the primary.',
  MISCONF:
    'Redis could not save its data and takes no writes (stop-writes-on-bgsave-error): no task is queued either. ' +
    'Look at its log and its disk.',
  OOM: 'Redis is full (maxmemory) and takes no writes: no task is queued either.',
}

/** Whether Redis knows the user, and the user may not do this. */
export function isRefusal(error: unknown): error is RedisError {
  return error instanceof RedisError && (error.reply === 'NOPERM' || refusedInScript.test(error.message))
}

/** Adds to a refusal what would have to be allowed or done; every other error stays as it is. */
export function explainRefusal(error: unknown, settings: AclSettings): unknown {
  if (!(error instanceof RedisError)) return error
  const meaning = error.reply === undefined ? undefined : unwritable[error.reply]
  if (meaning !== undefined) {
    return new CheckError(error.code, error.message, {
      cause: error,
      details: { ...error.details, hint: meaning },
    })
  }
  if (!isRefusal(error)) return error
  const hint =
    'The control probe writes: give it the standard token, not the read-only one, or a user with this rule.'
  const details = { ...error.details, acl_rule: aclRule(settings), hint }
  return new CheckError('unauthorized', error.message, { cause: error, details })
}
