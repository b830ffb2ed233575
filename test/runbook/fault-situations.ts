import type { Fault } from '../servers/fault-proxy.ts'
import type { TestStack } from '../support/stack.ts'
import type { Situation } from './situation.ts'

/** Between the function and the endpoint. */
const onTheWay = (proxy: 'sqlProxy' | 'redisProxy', fault: Fault) => async (stack: TestStack) => {
  await stack[proxy].set(fault)
  return () => stack[proxy].set(undefined)
}

/** What any check may carry. The texts of the services are theirs (test/faults/endpoint-faults.ts). */
export const faultSituations: readonly Situation[] = [
  { code: 'ok', checker: 'database' },
  { code: 'slow', checker: 'database', variables: { HEALTH_SLOW_MS: '1' } },
  { code: 'not_configured', checker: 'database', variables: { DATABASE_URL: '' } },
  {
    code: 'quota_exceeded',
    checker: 'database',
    make: onTheWay('sqlProxy', {
      kind: 'answer',
      status: 500,
      body: JSON.stringify({
        message: 'Your account or project has exceeded the compute time quota. Upgrade your plan.',
        code: null,
      }),
    }),
  },
  { code: 'unauthorized', checker: 'redis', variables: { UPSTASH_REDIS_REST_TOKEN: 'a-token-of-last-year' } },
  { code: 'timeout', checker: 'redis', make: onTheWay('redisProxy', { kind: 'silence' }) },
  { code: 'unreachable', checker: 'redis', make: onTheWay('redisProxy', { kind: 'refuse' }) },
  { code: 'wrong_answer', checker: 'redis', make: onTheWay('redisProxy', { kind: 'html' }) },
  {
    code: 'error',
    checker: 'redis',
    variables: { HEALTH_REDIS_WRITE: 'on' },
    make: async ({ redis }) => {
      await redis.command('CONFIG', 'SET', 'maxmemory', '1')
      return () => redis.command('CONFIG', 'SET', 'maxmemory', '0')
    },
  },
]
