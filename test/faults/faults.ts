import type { Fault as ProxyFault } from '../servers/fault-proxy.ts'
import type { Certificate, TlsFront } from '../servers/tls.ts'
import type { Variables } from '../support/platforms.ts'
import type { House } from './house.ts'

/** Mends what was broken; resolves when the dependency itself works again. */
export type Mend = () => unknown

export type Wait = 'at once' | 'about 1 s' | 'after HEALTH_TIMEOUT_MS'

/** The code that each check carries. */
export interface Codes {
  readonly database: string
  readonly migrations: string
  readonly celery: string
  readonly redis: string
}

/** One thing that goes wrong, and what the function has to say to it. */
export interface Fault {
  /** What the table says. */
  readonly name: string
  readonly inject: (house: House) => Promise<Mend>
  readonly status: 200 | 503
  /** The codes that are not `ok`. A list where it depends on the moment. */
  readonly codes: { readonly [Checker in keyof Codes]?: string | readonly string[] }
  /** What the answer waits for, where its codes do not tell: a lock. */
  readonly waits?: Wait
  /** Set on instances of the function that are started for this fault alone, when it is in force. */
  readonly variables?: (house: House) => Variables
  /** Set on other instances when the fault is mended: what was wrong was the configuration. */
  readonly mendedVariables?: Variables
}

const inDatabase = (code: string) => ({ database: code, migrations: code })
const inRedis = (code: string) => ({ celery: code, redis: code })

const postgresFaults: readonly Fault[] = [
  {
    name: 'Postgres stopped',
    status: 503,
    codes: inDatabase('unreachable'),
    inject: async ({ postgres }) => {
      await postgres.stop()
      return () => postgres.start()
    },
  },
  {
    name: 'Postgres frozen',
    status: 503,
    codes: inDatabase('timeout'),
    inject: async ({ postgres }) => {
      postgres.freeze()
      return () => postgres.thaw()
    },
  },
  {
    name: 'Postgres password changed',
    status: 503,
    codes: inDatabase('unauthorized'),
    inject: (house) =>
      inPostgres(
        house,
        `alter role ${house.postgres.user} password 'another'`,
        `alter role ${house.postgres.user} password '${house.postgres.password}'`,
      ),
  },
  {
    name: 'a table locked all the time',
    status: 200,
    codes: {},
    inject: (house) => inPostgres(house, 'begin; lock table organizers in access exclusive mode', 'rollback'),
  },
  {
    name: 'a table locked all the time, and the function started meanwhile',
    status: 200,
    codes: { migrations: 'not_compared' },
    variables: () => ({}),
    inject: (house) => inPostgres(house, 'begin; lock table organizers in access exclusive mode', 'rollback'),
  },
  {
    name: "Drizzle's table of migrations locked all the time",
    status: 200,
    waits: 'about 1 s',
    codes: { migrations: 'not_compared' },
    inject: (house) =>
      inPostgres(
        house,
        'begin; lock table drizzle.__drizzle_migrations in access exclusive mode',
        'rollback',
      ),
  },
  {
    name: 'a column dropped by hand',
    status: 503,
    codes: { migrations: 'drift' },
    inject: (house) =>
      inPostgres(
        house,
        'alter table organizers drop column website',
        'alter table organizers add column website text',
      ),
  },
  {
    name: 'the newest migration not applied',
    status: 503,
    codes: { migrations: 'pending' },
    inject: (house) =>
      inPostgres(
        house,
        `create table kept as select * from drizzle.__drizzle_migrations order by created_at desc limit 1;
         delete from drizzle.__drizzle_migrations where id in (select id from kept)`,
        'insert into drizzle.__drizzle_migrations select * from kept; drop table kept',
      ),
  },
]

const redisFaults: readonly Fault[] = [
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

const workerFaults: readonly Fault[] = [
  {
    name: 'all Celery workers frozen',
    status: 503,
    codes: { celery: 'no_reply' },
    inject: (house) => freezeWorkers(house, 3),
  },
  {
    name: 'one of three Celery workers frozen',
    status: 200,
    codes: { celery: 'silent_worker' },
    inject: (house) => freezeWorkers(house, 1),
  },
  {
    name: 'all Celery workers dead',
    status: 503,
    codes: { celery: 'no_workers' },
    inject: (house) => killWorkers(house, 3),
  },
  {
    name: 'one of three Celery workers dead',
    status: 200,
    codes: {},
    inject: (house) => killWorkers(house, 1),
  },
  {
    name: 'one of three Celery workers dead, three expected',
    status: 503,
    codes: { celery: 'too_few_workers' },
    variables: () => ({ CELERY_EXPECTED_WORKERS: '3' }),
    inject: (house) => killWorkers(house, 1),
  },
]

/** What may happen on the way to either endpoint, whatever stands behind it. */
const wayFaults: readonly { name: string; code: string; fault: ProxyFault }[] = [
  { name: 'refuses connections', code: 'unreachable', fault: { kind: 'refuse' } },
  { name: 'accepts connections and never answers', code: 'timeout', fault: { kind: 'silence' } },
  { name: 'cuts its answer off in the middle', code: 'unreachable', fault: { kind: 'cut' } },
  { name: 'answers HTML instead of JSON', code: 'wrong_answer', fault: { kind: 'html' } },
  { name: 'answers HTTP 500', code: 'unreachable', fault: answer(500, 'Internal Server Error') },
  { name: 'answers HTTP 429', code: 'quota_exceeded', fault: answer(429, 'Too Many Requests') },
  { name: 'answers HTTP 413', code: 'wrong_answer', fault: answer(413, 'Payload Too Large') },
  { name: 'answers HTTP 507', code: 'wrong_answer', fault: answer(507, 'Insufficient Storage') },
  { name: 'answers 30 s late', code: 'timeout', fault: { kind: 'delay', ms: 30_000 } },
  { name: 'answers with 10 MB', code: 'wrong_answer', fault: { kind: 'bytes', bytes: 10_000_000 } },
]

interface Endpoint {
  readonly name: string
  readonly proxy: 'sqlProxy' | 'redisProxy'
  readonly front: 'sqlTls' | 'redisTls'
  readonly variable: string
  readonly inCodes: (code: string) => Fault['codes']
}

const endpoints: readonly Endpoint[] = [
  {
    name: 'the SQL endpoint',
    proxy: 'sqlProxy',
    front: 'sqlTls',
    variable: 'DATABASE_HTTP_ENDPOINT',
    inCodes: inDatabase,
  },
  {
    name: 'the Redis endpoint',
    proxy: 'redisProxy',
    front: 'redisTls',
    variable: 'UPSTASH_REDIS_REST_URL',
    inCodes: inRedis,
  },
]

const endpointFaults = endpoints.flatMap(({ name, proxy, front, variable, inCodes }): Fault[] => [
  ...wayFaults.map(
    ({ name: what, code, fault }): Fault => ({
      name: `${name} ${what}`,
      status: 503,
      codes: inCodes(code),
      inject: async (house) => {
        await house[proxy].set(fault)
        return () => house[proxy].set(undefined)
      },
    }),
  ),
  {
    name: `${name} shows a certificate that nobody signed`,
    status: 503,
    codes: inCodes('unreachable'),
    variables: (house) => ({ [variable]: house[front].url }),
    inject: async (house) => showing(house[front], house.untrusted, house.trusted),
  },
  {
    name: `the name of ${name} does not resolve`,
    status: 503,
    codes: inCodes('unreachable'),
    variables: () => ({ [variable]: 'https://nowhere.invalid/sql' }),
    mendedVariables: {},
    inject: async () => () => {},
  },
])

const quotaFaults: readonly Fault[] = [
  {
    name: 'Neon says that the quota is exceeded',
    status: 503,
    codes: inDatabase('quota_exceeded'),
    inject: async ({ sqlProxy }) => {
      const message = 'Your account or project has exceeded the compute time quota. Upgrade your plan.'
      await sqlProxy.set(answer(500, JSON.stringify({ message, code: null })))
      return () => sqlProxy.set(undefined)
    },
  },
  {
    name: 'Upstash says that the daily limit is reached',
    status: 503,
    codes: inRedis('quota_exceeded'),
    inject: async ({ redisProxy }) => {
      const error = 'ERR max daily request limit exceeded. Limit: 10000, Usage: 10001.'
      await redisProxy.set(answer(400, JSON.stringify({ error })))
      return () => redisProxy.set(undefined)
    },
  },
]

const all = (code: string) => ({ ...inDatabase(code), ...inRedis(code) })

const everything: readonly Fault[] = [
  {
    name: 'everything stopped',
    status: 503,
    codes: all('unreachable'),
    inject: async ({ postgres, redis, staff }) => {
      await Promise.all([postgres.stop(), redis.stop()])
      return async () => {
        await Promise.all([postgres.start(), redis.start()])
        await staff.recover()
      }
    },
  },
  {
    name: 'everything frozen',
    status: 503,
    codes: all('timeout'),
    inject: async ({ postgres, redis, staff }) => {
      staff.freeze(3)
      postgres.freeze()
      redis.freeze()
      return async () => {
        redis.thaw()
        postgres.thaw()
        staff.thaw()
        await staff.recover()
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

/** A check that times out takes HEALTH_TIMEOUT_MS; a worker that is silent takes CELERY_TIMEOUT_MS. */
export function waitOf({ waits, codes }: Fault): Wait {
  const is = (...some: string[]) => Object.values(codes).some((code) => some.includes(String(code)))
  if (is('timeout')) return 'after HEALTH_TIMEOUT_MS'
  return waits ?? (is('no_reply', 'silent_worker') ? 'about 1 s' : 'at once')
}

function answer(status: number, body: string): ProxyFault {
  return { kind: 'answer', status, body }
}

async function inPostgres(house: House, breaking: string, mending: string): Promise<Mend> {
  const client = await house.openPostgres()
  await client.query(breaking)
  return async () => {
    await client.query(mending)
    await client.end()
  }
}

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

async function freezeWorkers({ staff }: House, count: number): Promise<Mend> {
  staff.freeze(count)
  return () => staff.thaw()
}

async function killWorkers({ staff }: House, count: number): Promise<Mend> {
  await staff.kill(count)
  return () => staff.recover()
}

function showing(front: TlsFront, wrong: Certificate, right: Certificate): Mend {
  front.present(wrong)
  return () => front.present(right)
}
