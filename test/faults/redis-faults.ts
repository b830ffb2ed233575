import { type Fault, inRedis, type Mend } from './fault.ts'
import type { House } from './house.ts'

export const redisFaults: readonly Fault[] = [
  {
    name: 'Redis stopped',
    status: 503,
    codes: inRedis('unreachable'),
    inject: async ({ redis, staff }) => {
      await redis.stop()
      return async () => {
        await redis.start()
        await staff.recover()
      }
    },
  },
  {
    name: 'Redis frozen',
    status: 503,
    codes: inRedis('timeout'),
    inject: async ({ redis, staff }) => {
      redis.freeze()
      return async () => {
        redis.thaw()
        await staff.recover()
      }
    },
  },
  {
    name: 'Redis password changed',
    status: 503,
    codes: inRedis('unauthorized'),
    inject: (house) => inRedisSettings(house, 'requirepass', 'another', ''),
  },
  {
    name: 'Redis out of memory',
    status: 503,
    codes: { celery: 'error' },
    inject: (house) => inRedisSettings(house, 'maxmemory', '1', '0'),
  },
  {
    name: 'Redis read-only (a replica)',
    status: 503,
    // The workers' own connections break too: sooner or later none of them is subscribed.
    codes: { celery: ['error', 'no_workers'] },
    inject: async ({ redis, staff }) => {
      await redis.command('REPLICAOF', '127.0.0.1', '1')
      return async () => {
        await redis.command('REPLICAOF', 'NO', 'ONE')
        await staff.recover()
      }
    },
  },
]

async function inRedisSettings(
  house: House,
  setting: string,
  breaking: string,
  mending: string,
): Promise<Mend> {
  const client = await house.openRedis()
  await client.config('SET', setting, breaking)
  return async () => {
    await client.config('SET', setting, mending)
    client.disconnect()
    await house.staff.recover()
  }
}
