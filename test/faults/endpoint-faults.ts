import type { Fault as ProxyFault } from '../servers/fault-proxy.ts'
import type { Certificate, TlsFront } from '../servers/tls.ts'
import { type Fault, inDatabase, inRedis, type Repair } from './fault.ts'

/** What may happen on the way to either endpoint, whatever stands behind it. */
const wayFaults: readonly { name: string; code: string; fault: ProxyFault }[] = [
  { name: 'refuses connections', code: 'unreachable', fault: { kind: 'refuse' } },
  { name: 'accepts connections and never answers', code: 'timeout', fault: { kind: 'silence' } },
  { name: 'cuts its answer off in the middle', code: 'unreachable', fault: { kind: 'cut' } },
  { name: 'answers HTML instead of JSON', code: 'wrong_answer', fault: { kind: 'html' } },
  { name: 'answers HTTP 500', code: 'unreachable', fault: answer(500, 'Internal Server Error') },
  { name: 'answers HTTP 530, as the edge does', code: 'unreachable', fault: answer(530, 'error code: 1016') },
  { name: 'answers HTTP 521, as the edge does', code: 'unreachable', fault: answer(521, 'error code: 521') },
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

export const endpointFaults = endpoints.flatMap(({ name, proxy, front, variable, inCodes }): Fault[] => [
  ...wayFaults.map(
    ({ name: what, code, fault }): Fault => ({
      name: `${name} ${what}`,
      status: 503,
      codes: inCodes(code),
      inject: async (testEnvironment) => {
        await testEnvironment[proxy].set(fault)
        return () => testEnvironment[proxy].set(undefined)
      },
    }),
  ),
  {
    name: `${name} shows a certificate that nobody signed`,
    status: 503,
    codes: inCodes('unreachable'),
    variables: (testEnvironment) => ({ [variable]: testEnvironment[front].url }),
    inject: async (testEnvironment) =>
      showing(testEnvironment[front], testEnvironment.untrusted, testEnvironment.trusted),
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

/** The services' own words, from their sources and from users' reports. */
export const quotaFaults: readonly Fault[] = [
  neonSays(
    'that the quota is exceeded',
    500,
    'Your account or project has exceeded the compute time quota. Upgrade your plan.',
  ),
  neonSays(
    'that too many computes are active',
    500,
    'You have exceeded the limit of concurrently active endpoints.',
  ),
  neonSays(
    'that its pooler has no connection left',
    400,
    'no more connections allowed (max_client_conn)',
    '08P01',
  ),
  upstashSays(
    'that the daily limit is reached',
    'ERR max daily request limit exceeded. Limit: 10000, Usage: 10001.',
  ),
  upstashSays(
    'that the budget is spent',
    'ERR This database has been suspended for exceeding the defined budget limit. Please increase budget or switch to a Fixed plan on Upstash Console',
  ),
]

function neonSays(what: string, status: number, message: string, code: string | null = null): Fault {
  return {
    name: `Neon says ${what}`,
    status: 503,
    codes: inDatabase('quota_exceeded'),
    inject: async ({ sqlProxy }) => {
      await sqlProxy.set(answer(status, JSON.stringify({ message, code })))
      return () => sqlProxy.set(undefined)
    },
  }
}

function upstashSays(what: string, error: string): Fault {
  return {
    name: `Upstash says ${what}`,
    status: 503,
    codes: inRedis('quota_exceeded'),
    inject: async ({ redisProxy }) => {
      await redisProxy.set(answer(400, JSON.stringify({ error })))
      return () => redisProxy.set(undefined)
    },
  }
}

function answer(status: number, body: string): ProxyFault {
  return { kind: 'answer', status, body }
}

function showing(front: TlsFront, wrong: Certificate, right: Certificate): Repair {
  front.present(wrong)
  return () => front.present(right)
}
