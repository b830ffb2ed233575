import { endpointFaults, quotaFaults } from './endpoint-faults.ts'
import { type Fault, inDatabase, inRedis } from './fault.ts'
import { postgresFaults } from './postgres-faults.ts'
import { redisFaults } from './redis-faults.ts'
import { workerFaults } from './worker-faults.ts'

const all = (code: string) => ({ ...inDatabase(code), ...inRedis(code) })

export const everything: readonly Fault[] = [
  {
    name: 'everything stopped',
    status: 503,
    codes: all('unreachable'),
    disturbsWorkers: true,
    inject: async ({ postgres, redis }) => {
      await Promise.all([postgres.stop(), redis.stop()])
      return () => Promise.all([postgres.start(), redis.start()])
    },
  },
  {
    name: 'everything frozen',
    status: 503,
    codes: all('timeout'),
    disturbsWorkers: true,
    inject: async ({ postgres, redis, workers }) => {
      workers.freeze(3)
      postgres.freeze()
      redis.freeze()
      return () => {
        redis.thaw()
        postgres.thaw()
        workers.thaw()
      }
    },
  },
]

/** In the order of the table. */
export const faults: readonly Fault[] = [
  ...postgresFaults,
  ...redisFaults,
  ...workerFaults,
  ...endpointFaults,
  ...quotaFaults,
  ...everything,
]
