import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Environment, readConfig, secretsOf } from '../../src/config/config.ts'
import { databaseVariables } from '../../src/config/variables.ts'
import { createScrub } from '../../src/core/scrub.ts'

const neon = 'postgres://app:hunter2@ep-cool-1.eu-central-1.aws.neon.tech/shop?sslmode=require'
const complete: Environment = {
  DATABASE_URL: neon,
  UPSTASH_REDIS_REST_URL: 'https://eu1-cool-1.upstash.io',
  UPSTASH_REDIS_REST_TOKEN: 'AXX_aGVsbG8',
}

/** What is said about one more variable beside a complete environment. */
const mistakesOf = (more: Environment) => readConfig({ ...complete, ...more }).mistakes
const sentencesOf = (more: Environment) => mistakesOf(more).map(({ sentence }) => sentence)

describe('the defaults', () => {
  it('are those of the contract', () => {
    const { timing, celery, ...config } = readConfig(complete)
    expect(config).toMatchObject({
      checkers: ['database', 'migrations', 'celery', 'redis'],
      failedStatus: 503,
      redisWrite: false,
      token: undefined,
      sentry: undefined,
      heartbeatUrl: undefined,
      mistakes: [],
    })
    expect(timing).toMatchObject({ timeoutMs: 2500, deadlineMs: 3500, slowMs: 1500, celeryTimeoutMs: 1000 })
    expect([
      timing.ttlMs('redis', 'pass'),
      timing.ttlMs('redis', 'warn'),
      timing.ttlMs('redis', 'fail'),
    ]).toEqual([27_000, 27_000, 9000])
    expect(celery).toMatchObject({
      probe: 'control',
      expectedWorkers: 1,
      workers: [],
      queues: [],
      noReply: 'fail',
      keyPrefix: '',
      controlExchange: 'celery',
      heartbeatKey: 'edge-health:celery',
      heartbeatMaxAgeSeconds: 180,
      timeoutMs: 1000,
      connection: { url: complete['UPSTASH_REDIS_REST_URL'], token: complete['UPSTASH_REDIS_REST_TOKEN'] },
    })
  })

  it('hold for an empty text, as for an unset variable', () => {
    const names = [
      'HEALTH_CHECKS',
      'HEALTH_TTL_PASS',
      'HEALTH_TOKEN',
      'HEALTH_FAILED_STATUS',
      'CELERY_PROBE',
      'SENTRY_DSN',
      'DATABASE_HTTP_ENDPOINT',
      'CELERY_REDIS_REST_URL',
    ]
    const empty = Object.fromEntries(names.map((name) => [name, '  ']))
    expect(readConfig({ ...complete, ...empty }).mistakes).toEqual([])
  })

  it('give way to a deadline that was set', () => {
    const { timing, mistakes } = readConfig({ ...complete, HEALTH_DEADLINE_MS: '1500' })
    expect(mistakes).toEqual([])
    expect(timing.timeoutMs).toBeLessThan(1500)
    expect(timing.celeryTimeoutMs + 500).toBeLessThan(timing.timeoutMs)
  })
})

describe('times', () => {
  it.each([
    [{ HEALTH_DEADLINE_MS: '500' }, /at least 751 ms.*found 400 ms below HEALTH_DEADLINE_MS \(500 ms\)/],
    [{ HEALTH_TIMEOUT_MS: '750' }, /at least 751 ms.*found 750 ms below HEALTH_DEADLINE_MS \(3500 ms\)/],
  ])('of %j that leave Celery none are a mistake of that check alone', (times, sentence) => {
    const { mistakes } = readConfig({ ...complete, ...times })
    expect(mistakes).toMatchObject([{ variable: 'HEALTH_TIMEOUT_MS', check: 'celery' }])
    expect(mistakes[0]?.sentence).toMatch(sentence)
  })

  it('of 751 ms are enough for Celery, and a heartbeat needs none', () => {
    const { timing, mistakes } = readConfig({ ...complete, HEALTH_TIMEOUT_MS: '751' })
    expect([timing.celeryTimeoutMs, mistakes]).toEqual([250, []])
    expect(mistakesOf({ HEALTH_DEADLINE_MS: '500', CELERY_PROBE: 'heartbeat' })).toEqual([])
  })

  it('that were set for Celery are taken however short they are', () => {
    const { timing, mistakes } = readConfig({
      ...complete,
      HEALTH_TIMEOUT_MS: '700',
      CELERY_TIMEOUT_MS: '100',
    })
    expect([timing.celeryTimeoutMs, mistakes]).toEqual([100, []])
  })

  it.each([
    ['1999', []],
    ['2000', [/expected more than 500 ms less than HEALTH_TIMEOUT_MS \(2500 ms\)/]],
  ])('say of CELERY_TIMEOUT_MS=%s what is true', (value, expected) => {
    expect(sentencesOf({ CELERY_TIMEOUT_MS: value })).toEqual(
      expected.map((sentence) => expect.stringMatching(sentence)),
    )
  })

  it.each([{ HEALTH_TIMEOUT_MS: '4000' }, { CELERY_TIMEOUT_MS: '3000' }])(
    'never grow above a default on account of one that was set (%j)',
    (times) => {
      expect(mistakesOf(times)).toMatchObject([{ variable: Object.keys(times)[0] }])
    },
  )
})

describe('values', () => {
  it('of one check are read beside those of all', () => {
    const { timing } = readConfig({
      ...complete,
      HEALTH_TTL_PASS: '60',
      HEALTH_DATABASE_TTL_PASS: '3600',
      HEALTH_REDIS_TTL_FAIL: '0',
      HEALTH_TTL_FAIL: '4.5',
    })
    expect(timing.ttlMs('database', 'pass')).toBe(3_600_000)
    expect(timing.ttlMs('celery', 'pass')).toBe(60_000)
    expect(timing.ttlMs('redis', 'fail')).toBe(0)
    expect(timing.ttlMs('celery', 'fail')).toBe(4500)
  })

  it('name the checks there are, in their order, each once', () => {
    expect(readConfig({ ...complete, HEALTH_CHECKS: ' redis, database ,redis,' }).checkers).toEqual([
      'redis',
      'database',
    ])
  })

  it('add checks of your own after the standard ones, unless they are ordered', () => {
    expect(readConfig(complete, ['mail']).checkers).toEqual([
      'database',
      'migrations',
      'celery',
      'redis',
      'mail',
    ])
    expect(readConfig({ ...complete, HEALTH_CHECKS: 'mail,redis' }, ['mail']).checkers).toEqual([
      'mail',
      'redis',
    ])
  })
})

describe('what is set', () => {
  it.each<[Environment, object]>([
    [{ HEALTH_REDIS_WRITE: 'on' }, { redisWrite: true }],
    [{ HEALTH_REDIS_WRITE: 'off' }, { redisWrite: false }],
    [
      { MIGRATIONS_WARN: 'Index,Foreign_Table:missing' },
      { migrationsWarn: ['index', 'foreign table:missing'] },
    ],
    [{}, { migrationsWarn: [], visibility: 'results', store: undefined }],
    [{ HEALTH_PUBLIC: 'status' }, { visibility: 'status' }],
    [{ HEALTH_PUBLIC: 'none' }, { visibility: 'none' }],
    [{ HEALTH_STORE: 'redis' }, { store: { key: undefined } }],
    [{ HEALTH_STORE: 'redis', HEALTH_STORE_KEY: 'shop_1:{a}/b-c.d' }, { store: { key: 'shop_1:{a}/b-c.d' } }],
    [{ HEALTH_STORE: 'off', HEALTH_STORE_KEY: 'shop' }, { store: undefined }],
    [{ HEALTH_HOSTNAME: true }, { hostname: 'true' }],
    [{ SENTRY_DSN: 'https://key@sentry.example/12' }, { sentry: { dsn: 'https://key@sentry.example/12' } }],
    [
      { SENTRY_DSN: 'https://key@sentry.example/1', SENTRY_MONITOR_SLUG: '2-shops' },
      { sentry: { monitorSlug: '2-shops' } },
    ],
  ])('%j is taken', (environment, expected) => {
    const config = readConfig({ ...complete, ...environment })
    expect(config).toMatchObject({ ...expected, mistakes: [] })
  })

  it('in seconds may have fractions, and holds for a check that is not known too', () => {
    const { timing, mistakes } = readConfig({ ...complete, HEALTH_TTL_PASS: '1.25', HEALTH_TTL_FAIL: '0' })
    expect(mistakes).toEqual([])
    expect([timing.ttlMs('database', 'pass'), timing.ttlMs('another', 'pass')]).toEqual([1250, 1250])
    expect(timing.ttlMs('another', 'fail')).toBe(0)
  })
})

describe('the database', () => {
  it.each([
    'postgres://a:b@ep-x.us-east-2.aws.neon.tech/db',
    'postgresql://a:b@ep-x-pooler.neon.tech/db?sslmode=require',
    'postgres://a:b@x.neon.build/db',
  ])('of Neon (%s) needs no endpoint', (url) =>
    expect(readConfig({ ...complete, DATABASE_URL: url })).toMatchObject({ postgres: { url }, mistakes: [] }),
  )

  it.each([
    'postgres://a:hunter2@db.example.com/x',
    'postgres://a:hunter2@10.0.0.1:5432/x',
    'postgres://a:hunter2@neon.tech.evil.example/x',
    'postgres://a:hunter2@xneon.tech/x',
  ])(
    'of another provider (%s) is refused before any I/O, because its password would be sent to another host',
    (url) => {
      const { postgres, mistakes } = readConfig({ ...complete, DATABASE_URL: url })
      expect(postgres).toBeUndefined()
      expect(mistakes).toMatchObject([{ variable: 'DATABASE_URL', check: 'database' }])
      expect(mistakes[0]?.sentence).toContain('DATABASE_HTTP_ENDPOINT')
    },
  )

  const named = (host: string) => `postgres://a:b@${host}.neon.tech/db`

  it('is looked for under the names that Vercel, Neon and Netlify set, in the order of the documents', () => {
    for (const [index, name] of databaseVariables.entries()) {
      const later = Object.fromEntries(
        databaseVariables.slice(index + 1).map((other) => [other, named('later')]),
      )
      const { postgres, mistakes } = readConfig({
        ...complete,
        DATABASE_URL: '',
        ...later,
        [name]: named('first'),
      })
      expect({ postgres, mistakes }).toEqual({
        postgres: { transport: 'http', variable: name, url: named('first') },
        mistakes: [],
      })
    }
  })

  it('that is wrong under one name is a mistake of that name: no other database is asked instead', () => {
    const { postgres, mistakes } = readConfig({
      ...complete,
      DATABASE_URL: '',
      POSTGRES_URL: 'mysql://a:b@h/d',
      DATABASE_URL_UNPOOLED: named('other'),
    })
    expect(postgres).toBeUndefined()
    expect(mistakes).toMatchObject([{ variable: 'POSTGRES_URL', check: 'database' }])
  })

  it('of another provider is asked over TCP where there are sockets and no endpoint is set', () => {
    const url = 'postgres://a:b@db.example.com/x'
    const overTcp = (changes: Record<string, string>) =>
      readConfig({ ...complete, ...changes }, [], { postgres: true })
    expect(overTcp({ DATABASE_URL: url })).toMatchObject({
      postgres: { transport: 'tcp', url },
      mistakes: [],
    })
    const endpoint = 'https://sql.example.com/sql'
    expect(overTcp({ DATABASE_URL: url, DATABASE_HTTP_ENDPOINT: endpoint }).postgres).toEqual({
      transport: 'http',
      variable: 'DATABASE_URL',
      url,
      endpoint,
    })
    expect(overTcp({}).postgres?.transport).toBe('http')
    const former = overTcp({ DATABASE_URL: 'postgres://a:b@ep-x.eu.postgres.vercel-storage.com/d' })
    expect(former.mistakes).toMatchObject([{ variable: 'DATABASE_URL', check: 'database' }])
  })

  it('of another provider is known by the end of its host', () => {
    for (const host of ['ep-1.neon.tech.example', 'x.vercel-storage.com.example']) {
      const url = `postgres://app:hunter2@${host}/shop`
      expect(readConfig({ ...complete, DATABASE_URL: url }, [], { postgres: true })).toMatchObject({
        postgres: { transport: 'tcp', url },
        mistakes: [],
      })
    }
  })

  it('of another provider is taken with an endpoint, over https or on this machine', () => {
    const other = { DATABASE_URL: 'postgres://a:b@db.example.com/x' }
    expect(
      readConfig({ ...other, DATABASE_HTTP_ENDPOINT: 'https://sql.example.com/sql' }).postgres?.endpoint,
    ).toBe('https://sql.example.com/sql')
    for (const host of ['127.0.0.1:4444', 'localhost:4444', '[::1]:4444']) {
      expect(readConfig({ ...other, DATABASE_HTTP_ENDPOINT: `http://${host}/sql` }).postgres?.endpoint).toBe(
        `http://${host}/sql`,
      )
    }
    const { postgres, mistakes } = readConfig({
      ...complete,
      ...other,
      DATABASE_HTTP_ENDPOINT: 'http://sql.example.com/sql',
    })
    expect(postgres).toBeUndefined()
    expect(mistakes).toMatchObject([{ variable: 'DATABASE_HTTP_ENDPOINT', check: 'database' }])
  })

  it.each([
    '',
    'ep-x.neon.tech/db',
    'mysql://a:b@h/d',
    'postgres://h/d',
    'postgres://a:b@h',
    'postgres://a:b@h/d\n',
  ])('that is %j is a mistake of that check alone', (url) => {
    const { mistakes } = readConfig({ ...complete, DATABASE_URL: url })
    if (url.endsWith('\n')) expect(mistakes).toHaveLength(1)
    expect(mistakes).toMatchObject([{ variable: 'DATABASE_URL', check: 'database' }])
  })
})

describe('the monitor of the cron', () => {
  it.each(['*/15 * * * *', '0 8 * * MON-FRI', 'rate(15 minutes)', 'cron(0/15 * * * ? *)'])(
    'takes the schedule %s',
    (SENTRY_MONITOR_SCHEDULE) => {
      const SENTRY_DSN = 'https://key@sentry.example/1'
      const monitor = { SENTRY_DSN, SENTRY_MONITOR_SLUG: 'health_check-2', SENTRY_MONITOR_SCHEDULE }
      expect(readConfig({ ...complete, ...monitor })).toMatchObject({
        sentry: { monitorSlug: 'health_check-2', monitorSchedule: SENTRY_MONITOR_SCHEDULE },
        mistakes: [],
      })
    },
  )
})

it.each(['production', 'x'.repeat(64), 'nonesuch', 'pre-production.2'])(
  'the environment %s is one that Sentry takes',
  (SENTRY_ENVIRONMENT) => {
    const SENTRY_DSN = 'https://key@sentry.example/1'
    expect(readConfig({ ...complete, SENTRY_DSN, SENTRY_ENVIRONMENT })).toMatchObject({
      sentry: { environment: SENTRY_ENVIRONMENT },
      mistakes: [],
    })
  },
)

describe('Redis', () => {
  it.each(['redis://default:hunter2@eu1.upstash.io:6379', 'rediss://default:hunter2@eu1.upstash.io:6379'])(
    'given as %s is answered with where the REST URL is',
    (url) => {
      const [sentence] = sentencesOf({ UPSTASH_REDIS_REST_URL: url })
      expect(sentence).toMatch(
        /UPSTASH_REDIS_REST_URL: expected Redis's REST URL.*https:\/\/.*found a rediss?:\/\/ URL.*wrangler secret put UPSTASH_REDIS_REST_URL/,
      )
    },
  )

  it('is asked over TCP where there are sockets and no REST URL is set', () => {
    const url = 'rediss://app:hunter2@cache.example.com:6380/1'
    const read = (environment: Record<string, string>) =>
      readConfig({ DATABASE_URL: neon, ...environment }, [], { redis: true })
    expect(read({ REDIS_URL: url })).toMatchObject({
      redis: { transport: 'tcp', variable: 'REDIS_URL', url },
      celery: { connection: { url }, heartbeatConnection: { url } },
      mistakes: [],
    })
    const rest = { KV_REST_API_URL: 'https://kv.example', KV_REST_API_TOKEN: 'kv-token' }
    expect(read({ ...rest, REDIS_URL: url }).redis).toMatchObject({ transport: 'rest' })
    const broker = 'redis://broker.example.com'
    expect(read({ ...rest, CELERY_REDIS_URL: broker }).celery).toMatchObject({
      connection: { transport: 'tcp', url: broker },
      heartbeatConnection: { transport: 'rest' },
    })
    expect(read({ REDIS_URL: url }).celery).toMatchObject({ database: 1 })
    expect(read({ ...rest, REDIS_URL: url }).celery).toMatchObject({ database: 0 })
    for (const wrong of [
      'http://cache.example.com',
      'cache.example.com:6379',
      'redis://',
      'redis://cache.example.com/shop',
    ])
      expect(read({ REDIS_URL: wrong }).mistakes).toMatchObject([{ variable: 'REDIS_URL', check: 'redis' }])
  })

  it('over TCP is no answer where there are no sockets, and the sentence says which URL is expected', () => {
    const { redis, mistakes } = readConfig({ DATABASE_URL: neon, REDIS_URL: 'redis://cache.example.com' })
    expect(redis).toBeUndefined()
    expect(mistakes[0]?.sentence).toContain('a redis:// URL in REDIS_URL, which is for TCP clients')
  })

  it('over TCP is not asked in the place of a REST URL that is wrong or without its token', () => {
    const tcp = { REDIS_URL: 'redis://cache.example' }
    for (const wrong of [
      { UPSTASH_REDIS_REST_URL: 'https://x.upstash.io' },
      { UPSTASH_REDIS_REST_URL: 'http://x.upstash.io', UPSTASH_REDIS_REST_TOKEN: 'AXX_aGVsbG8' },
      { KV_REST_API_TOKEN: 'AXX_aGVsbG8' },
    ]) {
      expect(readConfig({ ...tcp, ...wrong }, [], { redis: true }).redis).toBeUndefined()
    }
  })

  it('may have a REST URL with anything in its path', () => {
    const url = 'https://proxy.example/redis://cache'
    expect(readConfig({ ...complete, UPSTASH_REDIS_REST_URL: url })).toMatchObject({
      redis: { url },
      mistakes: [],
    })
  })

  it('is read from the other pair of names, whole', () => {
    const other = { KV_REST_API_URL: 'https://kv.example', KV_REST_API_TOKEN: 'kv-token' }
    expect(readConfig({ DATABASE_URL: neon, ...other }).redis).toEqual({
      transport: 'rest',
      variable: 'KV_REST_API_TOKEN',
      url: 'https://kv.example',
      token: 'kv-token',
    })
    const mixed = readConfig({
      DATABASE_URL: neon,
      ...other,
      UPSTASH_REDIS_REST_URL: 'https://eu1.upstash.io',
    })
    expect(mixed.redis).toBeUndefined()
    expect(mixed.mistakes).toMatchObject([{ variable: 'UPSTASH_REDIS_REST_TOKEN', check: 'redis' }])
  })

  it.each(['AXX_\naGVsbG8', 'AXX aGVsbG8', 'AXX_aGVsbG8é'])(
    'does not take the token %j, which no header can carry',
    (value) => {
      const { redis, mistakes } = readConfig({ ...complete, UPSTASH_REDIS_REST_TOKEN: value })
      expect(redis).toBeUndefined()
      expect(mistakes).toMatchObject([{ variable: 'UPSTASH_REDIS_REST_TOKEN', check: 'redis' }])
    },
  )

  it('of the broker is another one when it is named', () => {
    const named = { CELERY_REDIS_REST_URL: 'https://broker.example', CELERY_REDIS_REST_TOKEN: 'broker-token' }
    expect(readConfig({ ...complete, ...named }).celery).toMatchObject({
      connection: { url: 'https://broker.example' },
    })
    const half = readConfig({ ...complete, CELERY_REDIS_REST_URL: 'https://broker.example' })
    expect(half.celery).toBeUndefined()
    expect(half.mistakes).toMatchObject([{ variable: 'CELERY_REDIS_REST_TOKEN', check: 'celery' }])
  })
})

describe('a URL with user and password', () => {
  const url = 'https://user:hunter2@host.example/path'

  it.each(['DATABASE_HTTP_ENDPOINT', 'UPSTASH_REDIS_REST_URL', 'HEARTBEAT_URL'])(
    'in %s is a mistake, since no fetch takes it',
    (variable) => {
      for (const value of [url, url.replace(':hunter2', ''), url.replace('user', '')]) {
        const [sentence] = sentencesOf({ [variable]: value })
        expect(sentence).toContain(`${variable}: expected an https:// URL without user and password`)
        expect(sentence).not.toContain('hunter2')
      }
    },
  )

  it('is what a DSN looks like', () => {
    for (const dsn of ['https://key@sentry.example/1', 'https://key:secret@sentry.example/1']) {
      expect(readConfig({ ...complete, SENTRY_DSN: dsn })).toMatchObject({ sentry: { dsn }, mistakes: [] })
    }
  })
})

describe('names of a Celery installation', () => {
  it('are taken as they are, and each priority step once', () => {
    const { celery, mistakes } = readConfig({
      ...complete,
      CELERY_SEPARATOR: ':',
      CELERY_PRIORITY_STEPS: '0, 1,2,2',
      CELERY_KEY_PREFIX: 'shop*]:',
    })
    expect(mistakes).toEqual([])
    expect(celery).toMatchObject({ separator: ':', prioritySteps: [0, 1, 2], keyPrefix: 'shop*]:' })
  })

  it('may be any where no worker is asked', () => {
    const names = { CELERY_KEY_PREFIX: 'grün[1]:', CELERY_CONTROL_EXCHANGE: 'a[b]' }
    expect(readConfig({ ...complete, ...names, CELERY_PROBE: 'heartbeat' }).mistakes).toEqual([])
  })
})

describe('a wrong value', () => {
  it.each<[string, string, string | undefined]>([
    ['HEALTH_TTL_PASS', 'soon', undefined],
    ['HEALTH_TTL_FAIL', '-1', undefined],
    ['HEALTH_DATABASE_TTL_PASS', '1e3', undefined],
    ['HEALTH_TIMEOUT_MS', '0', undefined],
    ['HEALTH_DEADLINE_MS', '99999999', undefined],
    ['HEALTH_SLOW_MS', '1.5', undefined],
    ['HEALTH_FAILED_STATUS', '200', undefined],
    ['HEALTH_TOKEN', 'short', undefined],
    ['HEALTH_CHECKS', 'database,redsi', undefined],
    ['HEALTH_CHECKS', ',', undefined],
    ['SENTRY_DSN', 'not a dsn', undefined],
    ['SENTRY_DSN', 'https://sentry.example/1', undefined],
    ['SENTRY_DSN', 'https://key@sentry.example/health', undefined],
    ['HEARTBEAT_URL', 'ftp://x', undefined],
    ['SENTRY_MONITOR_SLUG', 'My Monitor!', undefined],
    ['SENTRY_MONITOR_SLUG', '2026', undefined],
    ['SENTRY_MONITOR_SLUG', 'x'.repeat(51), undefined],
    ['SENTRY_ENVIRONMENT', 'x'.repeat(65), undefined],
    ['SENTRY_ENVIRONMENT', 'pre production', undefined],
    ['SENTRY_ENVIRONMENT', 'eu/production', undefined],
    ['SENTRY_ENVIRONMENT', 'None', undefined],
    ['SENTRY_MONITOR_SCHEDULE', 'every 15 minutes', undefined],
    ['SENTRY_MONITOR_SCHEDULE', '0 0 L * *', undefined],
    ['HEALTH_REDIS_WRITE', 'yes', 'redis'],
    ['MIGRATIONS_WARN', 'indices', 'migrations'],
    ['MIGRATIONS_WARN', 'index:missing:extra', 'migrations'],
    ['MIGRATIONS_WARN', 'missing:index', 'migrations'],
    ['MIGRATIONS_WARN', 'owner', 'migrations'],
    ['CELERY_PROBE', 'ping', 'celery'],
    ['CELERY_EXPECTED_WORKERS', '0', 'celery'],
    ['CELERY_TIMEOUT_MS', '2400', 'celery'],
    ['CELERY_NO_REPLY', 'pass', 'celery'],
    ['CELERY_MAX_BACKLOG', 'many', 'celery'],
    ['CELERY_SEPARATOR', 'longer than sixteen', 'celery'],
    ['CELERY_PRIORITY_STEPS', '0,low', 'celery'],
    ['CELERY_PRIORITY_STEPS', Array.from({ length: 33 }, (_, step) => step).join(), 'celery'],
    ['CELERY_KEY_PREFIX', 'shop[1]:', 'celery'],
    ['CELERY_KEY_PREFIX', 'a\\b:', 'celery'],
    ['CELERY_KEY_PREFIX', 'grün:', 'celery'],
    ['CELERY_CONTROL_EXCHANGE', 'a[b]', 'celery'],
    ['CELERY_CONTROL_EXCHANGE', 'shop/jobs', 'celery'],
  ])(
    'of %s=%j is one sentence that names it, keeps the default, and concerns %s',
    (variable, value, check) => {
      const config = readConfig({ ...complete, [variable]: value })
      expect(config.mistakes).toHaveLength(1)
      expect(config.mistakes[0]?.variable).toBe(variable)
      expect(config.mistakes[0]?.check).toBe(check)
      expect(config.mistakes[0]?.sentence).toMatch(
        new RegExp(`^${variable}: expected .*\\.dev\\.vars.*wrangler secret put ${variable}.*Lambda`),
      )
      const defaults = readConfig(complete)
      expect({ ...config, mistakes: [], timing: { ...config.timing, ttlMs: 0 } }).toEqual({
        ...defaults,
        timing: { ...defaults.timing, ttlMs: 0 },
      })
      expect(config.timing.ttlMs('database', 'pass')).toBe(27_000)
    },
  )

  it.each([
    ['CELERY_PROBE', 'ping', 'expected control, heartbeat or both, found a text of 4 characters;'],
    ['HEALTH_TTL_PASS', 'soon', 'expected a number of seconds from 0 to 604800, found'],
    [
      'HEALTH_CHECKS',
      'database,x',
      'expected names among database, migrations, celery, redis, found another',
    ],
    ['HEALTH_CHECKS', ' , ,', 'expected names separated by commas, found'],
    ['HEALTH_HOSTNAME', 'a\nb', 'expected one line, found a text with a line break;'],
    ['HEALTH_HOSTNAME', 'x'.repeat(1001), 'expected at most 1000 characters, found a text of 1001'],
    ['HEALTH_STORE_KEY', 'a b', 'expected at most 100 letters, digits and characters of _.:{}/-, found'],
    ['HEALTH_STORE_KEY', 'x'.repeat(101), 'expected at most 100 letters'],
    ['HEALTH_TOKEN', 'a token with blanks', 'expected a token on one line, without white space, found'],
    ['MIGRATIONS_WARN', 'index,nonsense', 'expected kinds of findings (table, column, index,'],
    ['SENTRY_DSN', 'https://key@sentry.example/1x', "expected the project's DSN, https://key@host/number"],
    ['SENTRY_DSN', 'https://key@sentry.example/1/x', "expected the project's DSN"],
    ['CELERY_CONTROL_EXCHANGE', 'a[b]', "where workers are asked, since Celery's own inspect"],
    ['CELERY_KEY_PREFIX', 'a[b]', 'finds none with others: set CELERY_PROBE=heartbeat, found'],
    [
      'CELERY_REDIS_REST_TOKEN',
      'AXX',
      'CELERY_REDIS_REST_URL: expected beside CELERY_REDIS_REST_TOKEN, found nothing',
    ],
  ])('of %s=%j says what is expected', (variable, value, expected) => {
    expect(sentencesOf({ [variable]: value })).toEqual([expect.stringContaining(expected)])
  })

  it.each(['REDIS_URL', 'CELERY_REDIS_URL'])('of %s says how one begins', (variable) => {
    for (const value of ['https://x', 'redis:///0', 'redis:']) {
      const { redis, celery, mistakes } = readConfig({ [variable]: value }, [], { redis: true })
      expect([redis, celery]).toEqual([undefined, undefined])
      expect(mistakes.find((mistake) => mistake.variable === variable)?.sentence).toContain(
        'expected a URL that starts with redis:// or rediss:// and names a host, found',
      )
    }
  })

  it('of a timeout as long as the deadline leaves the default, below the deadline', () => {
    const { timing, mistakes } = readConfig({
      ...complete,
      HEALTH_DEADLINE_MS: '1000',
      HEALTH_TIMEOUT_MS: '1000',
    })
    expect(timing.timeoutMs).toBe(800)
    expect(mistakes[0]?.sentence).toContain('expected less than HEALTH_DEADLINE_MS (1000 ms)')
  })

  it('of a timeout that is not below the deadline is a mistake, since one of them would never happen', () => {
    const { mistakes, timing } = readConfig({ ...complete, HEALTH_TIMEOUT_MS: '5000' })
    expect(mistakes).toMatchObject([{ variable: 'HEALTH_TIMEOUT_MS' }])
    expect(timing.timeoutMs).toBe(2500)
  })

  it('is described in a sentence that the scrub does not change', () => {
    const scrub = createScrub([])
    for (const variable of [
      'DATABASE_URL',
      'UPSTASH_REDIS_REST_URL',
      'DATABASE_HTTP_ENDPOINT',
      'HEALTH_TOKEN',
    ]) {
      for (const sentence of sentencesOf({ [variable]: 'x' })) expect(scrub(sentence)).toBe(sentence)
    }
  })

  it('is reported with all the others at once', () => {
    const { mistakes } = readConfig({ HEALTH_TTL_PASS: 'x', HEALTH_TOKEN: 'x', CELERY_PROBE: 'x' })
    expect(mistakes.map(({ variable }) => variable).sort()).toEqual([
      'CELERY_PROBE',
      'DATABASE_URL',
      'HEALTH_TOKEN',
      'HEALTH_TTL_PASS',
      'UPSTASH_REDIS_REST_URL',
    ])
  })

  it('never appears in its sentence, and nothing ever throws', () => {
    const names = [
      'DATABASE_URL',
      'DATABASE_HTTP_ENDPOINT',
      'UPSTASH_REDIS_REST_URL',
      'UPSTASH_REDIS_REST_TOKEN',
      'HEALTH_TOKEN',
      'HEALTH_CHECKS',
      'HEALTH_TTL_PASS',
      'SENTRY_DSN',
      'CELERY_WORKERS',
      'HEARTBEAT_URL',
    ]
    const secret = fc.stringMatching(/^[A-Z]{12,20}$/)
    const value = fc.oneof(
      secret,
      fc
        .tuple(
          fc.constantFrom('postgres://u:', 'redis://:', 'https://', ' ', '"', '\n'),
          secret,
          fc.constantFrom('@h/d', '\n', ' ', ':x', ''),
        )
        .map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value), (environment) => {
        const sentences = readConfig(environment)
          .mistakes.map(({ sentence }) => sentence)
          .join('\n')
        for (const text of Object.values(environment)) {
          for (const part of text.match(/[A-Z]{12,20}/g) ?? []) expect(sentences).not.toContain(part)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('of a number under [vars] of wrangler.toml is that number', () => {
    const { timing, failedStatus, mistakes } = readConfig({
      ...complete,
      HEALTH_TTL_PASS: 60,
      HEALTH_FAILED_STATUS: 500,
    })
    expect([timing.ttlMs('redis', 'pass'), failedStatus, mistakes]).toEqual([60_000, 500, []])
    expect(sentencesOf({ HEALTH_DEADLINE_MS: -1 })).toHaveLength(1)
    expect(secretsOf({ HEALTH_TOKEN: 1234567890123456 })).toContain('1234567890123456')
  })

  it('that is not a text, such as a binding of the platform, is not a value', () => {
    expect(() =>
      readConfig({ DATABASE_URL: { fetch() {} }, HEALTH_TOKEN: 7, HEALTH_CHECKS: null }),
    ).not.toThrow()
  })
})

it('knows the parts of a URL whose password has a percent sign of its own', () => {
  const secrets = secretsOf({ DATABASE_URL: 'postgres://application:100%sure@db.example/x' })
  for (const secret of ['100%sure', 'db.example', 'application']) expect(secrets).toContain(secret)
})

describe('the secrets of the application around the function', () => {
  it.each([
    ['MAIL_API_KEY', 'SG.x1y2z3'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG'],
    ['AWS_SESSION_TOKEN', 'IQoJb3JpZ2luX2VjE'],
    ['SESSION_SECRET', 'correct-horse-battery'],
    ['smtp_password', 'hunter2hunter2'],
    ['SLACK_DSN', 'slack-T0123456789'],
    ['API_KEY', 'account:x1y2z3'],
  ])('are known by the name %s', (name, value) => {
    expect(secretsOf({ [name]: value })).toEqual([value])
  })

  it('are the user, the password and the host of a URL that has them, and the keys of one that has none', () => {
    expect(secretsOf({ BROKER_URL: 'amqps://shop_owner:hunter%402@mq-1.example/shop' })).toEqual(
      expect.arrayContaining(['hunter@2', 'hunter%402', 'mq-1.example', 'shop_owner']),
    )
    expect(secretsOf({ SLACK_WEBHOOK_URL: 'https://hooks.example/services/T0123456/x1y2z3x1y2z3' })).toEqual([
      'T0123456',
      'x1y2z3x1y2z3',
    ])
  })

  it.each([
    ['USE_TOKEN', 'true'],
    ['CACHE_KEY', 'production'],
    ['DEFAULT_TOKEN', 'x1y2'],
    ['APP_URL', 'https://health.example.com/health-check'],
    ['PATH', '/usr/local/bin:/usr/bin'],
    ['CELERY_HEARTBEAT_KEY', 'edge-health:celery'],
    ['SENTRY_ENVIRONMENT', 'production-2'],
  ])('do not include what is not secret: %s=%s', (name, value) => {
    expect(secretsOf({ [name]: value })).toEqual([])
  })

  it('do not include the names that Sentry gets, also where a host has the name of a check', () => {
    const secrets = secretsOf({ CACHE_URL: 'redis://:guest@redis:6379/0' })
    for (const word of ['redis', 'guest']) expect(secrets).not.toContain(word)
  })
})

it.each([
  ['postgres://app:hunter2@db.example.com', 'no database'],
  ['postgres://db.example.com/shop', 'no user'],
  ['postgresql://db.example.com', 'no user and no database'],
])('says which part %s lacks', (value, lacks) => {
  const [sentence] = sentencesOf({ DATABASE_URL: value })
  expect(sentence).toMatch(new RegExp(`, found a postgres(ql)?:// URL with ${lacks};`))
})

it('leaves the words of its own sentences alone, also where they are passwords and hosts of a development', () => {
  const environment = {
    DATABASE_URL: 'postgres://postgres:secret@database',
    POSTGRES_URL: 'postgres://password:password@postgres:5432/shop',
    REDIS_URL: 'redis://:redis@redis:6379',
  }
  const scrub = createScrub(secretsOf(environment))
  const sentences = readConfig(environment).mistakes.map(({ sentence }) => sentence)
  expect(sentences.join()).toContain('`wrangler secret put DATABASE_URL`')
  expect(sentences.join()).toContain('starts with postgres://')
  for (const text of [...sentences, 'password authentication failed', 'needs the package ioredis'])
    expect(scrub(text)).toBe(text)
  expect(scrub(environment.POSTGRES_URL)).not.toContain('password')
})

it('knows every secret, whole and in parts', () => {
  const secrets = secretsOf({
    ...complete,
    DATABASE_URL: 'postgres://application:hunter%402@db.example/x',
    HEARTBEAT_URL: 'https://uptime.example/api/v1/heartbeat/a1b2c3d4e5?key=k3y-of-mine',
    HEALTH_TTL_PASS: '27',
    OTHER: 'kept',
  })
  for (const secret of [
    'hunter@2',
    'hunter%402',
    'db.example',
    'application',
    'AXX_aGVsbG8',
    'eu1-cool-1.upstash.io',
    'a1b2c3d4e5',
    'k3y-of-mine',
  ])
    expect(secrets).toContain(secret)
  expect(secrets).not.toContain('kept')
  expect(secrets).not.toContain('heartbeat')
  expect(secrets).not.toContain('27')
})
