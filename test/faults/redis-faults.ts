import { redisUser } from '../support/least-privilege.ts'
import { inRedis as codesInRedis, type Fault, type Repair } from './fault.ts'
import type { TestEnvironment } from './test-environment.ts'

export const redisFaults: readonly Fault[] = [
  {
    name: 'Redis stopped',
    status: 503,
    codes: codesInRedis('unreachable'),
    disturbsWorkers: true,
    inject: async ({ redis }) => {
      await redis.stop()
      return redis.start
    },
  },
  {
    name: 'Redis frozen',
    status: 503,
    codes: codesInRedis('timeout'),
    disturbsWorkers: true,
    inject: async ({ redis }) => {
      redis.freeze()
      return redis.thaw
    },
  },
  {
    name: 'Redis password changed',
    status: 503,
    codes: codesInRedis('unauthorized'),
    inject: (testEnvironment) =>
      inRedis(
        testEnvironment,
        ['ACL', 'SETUSER', redisUser.name, 'resetpass', '>another'],
        ['ACL', 'SETUSER', redisUser.name, 'resetpass', `>${redisUser.password}`],
      ),
  },
  {
    name: 'Redis out of memory',
    status: 503,
    codes: { celery: 'error' },
    disturbsWorkers: true,
    inject: (testEnvironment) =>
      inRedis(testEnvironment, ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']),
  },
  {
    name: 'Redis read-only (a replica)',
    status: 503,
    // Also when the workers' own connections have broken, and none of them is subscribed.
    codes: { celery: 'error' },
    disturbsWorkers: true,
    inject: (testEnvironment) =>
      inRedis(testEnvironment, ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']),
  },
]

async function inRedis({ redis }: TestEnvironment, breaking: string[], mending: string[]): Promise<Repair> {
  await redis.command(...breaking)
  return () => redis.command(...mending)
}
