import { Failure } from '../../check.ts'
import { RedisFailure } from '../../clients/redis.ts'
import { controlChannel, registrySet } from './keys.ts'
import type { CelerySettings } from './settings.ts'

export type AclSettings = Pick<CelerySettings, 'keyPrefix' | 'controlExchange' | 'queues' | 'maxBacklog'>

/** The rule of a Redis user who may do what the control probe does, and nothing else. */
export function aclRule(settings: AclSettings): string {
  const backlogQueues = settings.maxBacklog === undefined ? [] : queuesOrAll(settings)
  const keys = [
    `${settings.keyPrefix}edge-health:reply:*`,
    `${settings.keyPrefix}_kombu.binding.edge-health:*`,
    registrySet(settings),
    ...backlogQueues,
  ]
  const commands = ['eval', 'publish', 'rpush', 'expire', 'sadd', 'lrange', 'smembers']
  if (backlogQueues.length > 0) commands.push('llen')
  return [
    ...keys.map((key) => `~${key}`),
    `&${controlChannel(settings)}`,
    ...commands.map((command) => `+${command}`),
  ].join(' ')
}

/** The priorities of a queue are lists whose names go on; which queues there are is not known without CELERY_QUEUES. */
function queuesOrAll({ keyPrefix, queues }: AclSettings): string[] {
  return queues.length > 0 ? queues.map((queue) => `${keyPrefix}${queue}*`) : [`${keyPrefix}*`]
}

/** Adds to a refusal what would have to be allowed; everything else passes as it is. */
export function explainRefusal(error: unknown, settings: AclSettings): unknown {
  if (!(error instanceof RedisFailure) || error.reply !== 'NOPERM') return error
  const details = {
    aclRule: aclRule(settings),
    hint: 'The token may not write: use the standard token, not the read-only one, or an ACL user with this rule.',
  }
  return new Failure('unauthorized', 'the control probe needs a token that may write', {
    cause: error,
    details,
  })
}
