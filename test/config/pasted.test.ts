import { describe, expect, it } from 'vitest'
import { type Environment, readConfig, secretsOf } from '../../src/config/config.ts'
import { createScrub } from '../../src/core/scrub.ts'

const host = 'ep-cool-1.eu-central-1.aws.neon.tech'
const database = `postgres://app:hunter2@${host}/shop?sslmode=require`
const complete: Environment = {
  DATABASE_URL: database,
  UPSTASH_REDIS_REST_URL: 'https://eu1-cool-1.upstash.io',
  UPSTASH_REDIS_REST_TOKEN: 'AXX_aGVsbG8',
}
const read = (more: Environment) => readConfig({ ...complete, ...more })
/** What is wrong with one more variable beside a complete environment. */
const sentencesOf = (more: Environment) => read(more).mistakes.map(({ sentence }) => sentence)

describe('what a copied value has around it is removed', () => {
  const wrappings: readonly ((variable: string, value: string) => string)[] = [
    (_, value) => `${value}\n`,
    (_, value) => ` ${value}\r\n`,
    (_, value) => `"${value}"`,
    (_, value) => `'${value}'\n`,
    (variable, value) => `${variable}=${value}`,
    (variable, value) => `export ${variable}="${value}"`,
    (variable, value) => ` export  ${variable} = " ${value} "`,
  ]

  it.each(wrappings.map((wrap) => [wrap('NAME', 'value'), wrap] as const))('%j', (_, wrap) => {
    const values = {
      ...complete,
      CELERY_WORKERS: 'w1@host,w2@host',
      HEALTH_CHECKS: 'database,redis',
      HEALTH_TTL_PASS: '60',
      HEALTH_HOSTNAME: 'shop',
      HEARTBEAT_URL: 'https://uptime.example/x',
      SENTRY_DSN: 'https://key@sentry.example/1',
      SENTRY_ENVIRONMENT: 'production',
    }
    const wrapped = Object.fromEntries(
      Object.entries(values).map(([variable, value]) => [variable, wrap(variable, String(value))]),
    )
    const { timing, ...config } = readConfig(wrapped)
    const { timing: plainTiming, ...plain } = readConfig(values)
    expect(config).toEqual(plain)
    expect(config.mistakes).toEqual([])
    expect(timing.ttlMs('redis', 'pass')).toBe(plainTiming.ttlMs('redis', 'pass'))
  })

  it('but for quotes and spaces that may belong to a key, and quotes that callers may send', () => {
    expect(read({ CELERY_KEY_PREFIX: '"app" \n' }).celery).toMatchObject({ keyPrefix: '"app" ' })
    const quoted = "'0123456789abcdef'"
    expect(read({ HEALTH_TOKEN: `${quoted}\n` }).token).toBe(quoted)
  })

  it('so that a pair of quotes alone is an unset variable', () => {
    expect(read({ HEALTH_TOKEN: '""', SENTRY_DSN: "''\n" })).toMatchObject({
      token: undefined,
      sentry: undefined,
      mistakes: [],
    })
  })

  it('also the scheme of the header before a token', () => {
    for (const pasted of ['"Bearer AXX_aGVsbG8"', 'Bearer  AXX_aGVsbG8']) {
      expect(read({ UPSTASH_REDIS_REST_TOKEN: pasted }).redis).toMatchObject({ token: 'AXX_aGVsbG8' })
    }
    expect(sentencesOf({ UPSTASH_REDIS_REST_TOKEN: 'NotBearer AXX_aGVsbG8' })).toHaveLength(1)
  })

  it.each(['the "shop"', '"shop" of ours', '"shop" and "login"', 'see HEALTH_TITLE=shop', 'OTHER=shop'])(
    'and nothing else: %s',
    (HEALTH_TITLE) => expect(read({ HEALTH_TITLE }).statusPage.title).toBe(HEALTH_TITLE),
  )

  it('but for the name of another variable', () => {
    expect(sentencesOf({ DATABASE_URL: `DATABASE_URL_UNPOOLED=${database}` })).toHaveLength(1)
  })
})

describe('a connection string', () => {
  it.each([
    [`psql '${database}'`, database],
    [`psql ${database}\n`, database],
    [`"psql '${database}'"`, database],
    [`postgresql+asyncpg://app:hunter2@${host}/shop`, `postgresql://app:hunter2@${host}/shop`],
    [`postgresql+psycopg2://app:hunter2@${host}/shop`, `postgresql://app:hunter2@${host}/shop`],
    [`postgres://app:hunt#er@${host}/shop`, `postgres://app:hunt%23er@${host}/shop`],
    [`postgres://app:12#er@${host}/shop`, `postgres://app:12%23er@${host}/shop`],
    [
      `postgres://app:a/b?c@${host}/shop?sslmode=require`,
      `postgres://app:a%2Fb%3Fc@${host}/shop?sslmode=require`,
    ],
    [`postgres://app:a@b/c@${host}/shop`, `postgres://app:a%40b%2Fc@${host}/shop`],
    [`postgres://app:a@b#c@${host}/shop`, `postgres://app:a%40b%23c@${host}/shop`],
    [`postgres://app:100%sure@${host}/shop`, `postgres://app:100%25sure@${host}/shop`],
    [`psql  "${database}"`, database],
    [`postgres+psycopg://app:hunter2@${host}/shop`, `postgres://app:hunter2@${host}/shop`],
    [`postgres://app:12?b@${host}/shop`, `postgres://app:12%3Fb@${host}/shop`],
    [`postgres://app:12/x?b@${host}/shop`, `postgres://app:12%2Fx%3Fb@${host}/shop`],
    [`postgres://app:a@b?c@${host}/shop`, `postgres://app:a%40b%3Fc@${host}/shop`],
    [`postgres://app:5%a-b@${host}/shop`, `postgres://app:5%25a-b@${host}/shop`],
    [`postgres://app:5%a-#b@${host}/shop`, `postgres://app:5%25a-%23b@${host}/shop`],
    [`postgres://app:postgres+a://b@${host}/shop`, `postgres://app:postgres%2Ba%3A%2F%2Fb@${host}/shop`],
    [`postgres://app:**half@${host}/shop`, `postgres://app:**half@${host}/shop`],
    [`postgres://app:half**@${host}/shop`, `postgres://app:half**@${host}/shop`],
    // A parser of URLs reads these as they are meant.
    [`postgres://app:hunter@2@${host}/shop`, `postgres://app:hunter@2@${host}/shop`],
    [`postgres://app:hunter%402@${host}/shop`, `postgres://app:hunter%402@${host}/shop`],
    [`${database}&application_name=a@b/c`, `${database}&application_name=a@b/c`],
    [`postgres://app@${host}/shop`, `postgres://app@${host}/shop`],
  ])('%j is taken as it is meant', (pasted, url) => {
    expect(read({ DATABASE_URL: pasted })).toMatchObject({ postgres: { url }, mistakes: [] })
    const { hostname, password, pathname } = new URL(url)
    expect([hostname, pathname]).toEqual([host, '/shop'])
    const scrub = createScrub(secretsOf({ DATABASE_URL: pasted }))
    if (password)
      expect(scrub(`it was ${decodeURIComponent(password)} and ${password}`)).not.toContain(password)
  })

  it.each([
    [
      `postgres://app:a%40b#c@${host}/shop`,
      /expected a password whose special characters are encoded.*# as %23/,
    ],
    [`postgres://app:${'*'.repeat(16)}@${host}/shop`, /expected the password itself: show it in the console/],
    [
      'postgres://default:hunter2@ep-x.us-east-1.postgres.vercel-storage.com/verceldb',
      /Vercel Postgres has moved to Neon/,
    ],
    [`psql -h ${host} -U app shop`, /starts with postgres:\/\/.*found a text with white space/],
    [`jdbc:postgresql://${host}/shop?user=app`, /starts with postgres:\/\//],
    [`see psql ${database}`, /starts with postgres:\/\//],
    [`xpostgres://app:hunter2@${host}/shop`, /starts with postgres:\/\//],
    [`postgres://${host}/shop`, /names user, password, host and database/],
    ['postgres:///shop', /names user, password, host and database/],
    [`postgres://app:hunter2@${host}`, /names user, password, host and database/],
    [`postgres://app:hunter2@${host}/`, /names user, password, host and database/],
  ])('%j is answered with what to do', (DATABASE_URL, sentence) => {
    const { postgres, mistakes } = read({ DATABASE_URL })
    expect(postgres).toBeUndefined()
    expect(mistakes).toMatchObject([{ variable: 'DATABASE_URL', check: 'database' }])
    expect(mistakes[0]?.sentence).toMatch(sentence)
    expect(mistakes[0]?.sentence).not.toMatch(/hunter2|a%40b|cool-1/)
    expect(createScrub([])(mistakes[0]?.sentence ?? '')).toBe(mistakes[0]?.sentence)
  })

  it.each([
    [{ STORAGE_DATABASE_URL: database, STORAGE_DATABASE_URL_UNPOOLED: database }, 'STORAGE_DATABASE_URL'],
    [{ SHOP_POSTGRES_URL_NO_SSL: database, SHOP_POSTGRES_URL: `"${database}"` }, 'SHOP_POSTGRES_URL'],
    [{ NEON_URL: database }, 'NEON_URL'],
    [{ PG: database }, 'PG'],
    [{ PG: database, NEON_URL: ` ${database}` }, 'NEON_URL'],
  ])('under another name (%j) is found and named, and not used', (named, name) => {
    const { postgres, mistakes } = read({ ...named, DATABASE_URL: '' })
    expect(postgres).toBeUndefined()
    expect(mistakes[0]?.sentence).toContain(
      `found nothing, but one in ${name}: set DATABASE_URL to the same;`,
    )
    expect(mistakes[0]?.sentence).not.toContain('hunter2')
  })

  it('is not looked for in names that are not names, nor in other values', () => {
    const other = {
      'A B': database,
      [`X${'Y'.repeat(80)}`]: database,
      MYSQL_URL: 'mysql://a:b@h/d',
      BOUND: {},
      JDBC_URL: `jdbc:postgresql://${host}/shop`,
      NOTE_URL: `see ${database}`,
    }
    expect(read({ ...other, DATABASE_URL: '' }).mistakes[0]?.sentence).toContain(
      'and database, found nothing;',
    )
  })
})

describe('Redis', () => {
  const without = { UPSTASH_REDIS_REST_URL: '', UPSTASH_REDIS_REST_TOKEN: '' }

  it.each([
    [
      {
        STORAGE_KV_REST_API_URL: 'https://kv.example',
        STORAGE_KV_URL: 'rediss://default:hunter2@kv.example',
      },
      /found nothing, but one in STORAGE_KV_REST_API_URL: set UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN/,
    ],
    [
      { KV_URL: 'rediss://default:hunter2@kv.example' },
      /but a redis:\/\/ URL in KV_URL, which is for TCP clients/,
    ],
    [{ X_REST_API_URL: '"https://kv.example"' }, /found nothing, but one in X_REST_API_URL: set/],
    [{ X_REST_API_URL: ' https://kv.example' }, /found nothing, but one in X_REST_API_URL: set/],
    [{ KV_URL: ' "rediss://default:hunter2@kv.example"' }, /but a redis:\/\/ URL in KV_URL, which/],
    [{ APP_URL: 'https://shop.example' }, /expected the database's REST URL, found nothing;/],
    [{ X_REST_API_URL: 'see https://kv.example' }, /expected the database's REST URL, found nothing;/],
    [{ X_REST_API_URL: 'xhttps://kv.example' }, /expected the database's REST URL, found nothing;/],
    [{ KV_URL: 'see redis://kv.example' }, /expected the database's REST URL, found nothing;/],
    [{ KV_URL: 'xredis://kv.example' }, /expected the database's REST URL, found nothing;/],
    [{ CACHE: 'redis://kv.example' }, /expected the database's REST URL, found nothing;/],
  ])('under another name (%j) is found and named, and not used', (named, sentence) => {
    const { redis, mistakes } = read({ ...without, ...named })
    expect(redis).toBeUndefined()
    expect(mistakes).toMatchObject([{ variable: 'UPSTASH_REDIS_REST_URL', check: 'redis' }])
    expect(mistakes[0]?.sentence).toMatch(sentence)
    expect(mistakes[0]?.sentence).not.toContain('hunter2')
    expect(createScrub([])(mistakes[0]?.sentence ?? '')).toBe(mistakes[0]?.sentence)
  })

  it('with the read-only token alone says that it is not enough', () => {
    const named = { KV_REST_API_URL: 'https://kv.example', KV_REST_API_READ_ONLY_TOKEN: 'Ag_readonly' }
    const { redis, mistakes } = read({ ...without, ...named })
    expect(redis).toBeUndefined()
    expect(mistakes).toMatchObject([{ variable: 'KV_REST_API_TOKEN', check: 'redis' }])
    expect(mistakes[0]?.sentence).toContain('found only KV_REST_API_READ_ONLY_TOKEN, with which')
    expect(secretsOf(named)).toContain('Ag_readonly')
    expect(sentencesOf({ ...without, ...named, KV_REST_API_READ_ONLY_TOKEN: '' })).toEqual([
      expect.stringContaining('expected beside KV_REST_API_URL, found nothing;'),
    ])
    // The token of another Redis has nothing to do with it.
    expect(sentencesOf({ ...named, UPSTASH_REDIS_REST_TOKEN: '' })).toEqual([
      expect.stringContaining('expected beside UPSTASH_REDIS_REST_URL, found nothing;'),
    ])
  })

  it('at a host of Vercel KV is a Redis like any other', () => {
    const url = 'https://cool-cat-1.kv.vercel-storage.com'
    expect(read({ UPSTASH_REDIS_REST_URL: url })).toMatchObject({ redis: { url }, mistakes: [] })
  })

  it('given as a command of redis-cli is answered with where the REST URL is', () => {
    const [sentence] = sentencesOf({
      UPSTASH_REDIS_REST_URL: 'redis-cli --tls -u redis://default:hunter2@x:6379',
    })
    expect(sentence).toContain("expected Redis's REST URL")
    expect(sentence).not.toContain('hunter2')
  })
})

it('a database of one letter, and one whose name has a slash, are taken as they are', () => {
  for (const url of [`postgres://app:hunter@2@${host}/d`, `postgres://app:hunter2@${host}/shop/two`]) {
    expect(read({ DATABASE_URL: url })).toMatchObject({ postgres: { url }, mistakes: [] })
  }
})

it('secrets are known as they are set and as they are used', () => {
  const secrets = secretsOf({
    UPSTASH_REDIS_REST_TOKEN: 'UPSTASH_REDIS_REST_TOKEN="AXX_aGVsbG8"',
    DATABASE_URL: `psql 'postgresql+asyncpg://app:hunt#er@${host}/shop'`,
    BROKER_URL: "'amqps://shop_owner:rabbit-7@mq-1.example/shop'",
  })
  for (const secret of ['AXX_aGVsbG8', 'hunt#er', 'hunt%23er', host, 'rabbit-7', 'mq-1.example']) {
    expect(secrets).toContain(secret)
  }
})
