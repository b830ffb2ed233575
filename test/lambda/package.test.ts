import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openVariables, secretVariables } from '../../src/config/variables.ts'
import { packageLambda, zipPath } from '../../src/release/package-lambda.ts'
import { type LambdaFunction, startLambda } from '../servers/lambda-runtime.ts'
import { until } from '../servers/process.ts'
import { type SentryIngest, startSentryIngest } from '../servers/sentry-ingest.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { readZip, unzip } from '../support/zip.ts'
import { recorded, requestEvent } from './events.ts'

type Resource = { Type: string; Properties: Record<string, unknown> }

/** Codes are looked at here, not times. */
const patient = { HEALTH_SLOW_MS: '20000', HEALTH_TIMEOUT_MS: '10000', HEALTH_DEADLINE_MS: '12000' }

const handler = 'dist/lambda/lambda.handler'

let stack: TestStack
let ingest: SentryIngest
let resources: Resource[]
const taskRoot = mkdtempSync(join(tmpdir(), 'health-lambda-'))
const running: LambdaFunction[] = []
beforeAll(async () => {
  // Nothing of the environment that this test runs in may be in the template.
  const environment = { PATH: process.env['PATH'] ?? '', HEALTH_TOKEN: 'from-the-deploys-environment' }
  ;[stack, ingest] = await Promise.all([startStack(), startSentryIngest(), packageLambda(environment)])
  const template = readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')
  resources = Object.values(JSON.parse(template).Resources)
  unzip(zipPath, taskRoot)
})
afterAll(async () => {
  await Promise.all([stack?.close(), ingest?.close()])
  rmSync(taskRoot, { recursive: true, force: true })
})
afterEach(async () => {
  await Promise.all(running.splice(0).map((lambda) => lambda.close()))
  await stack.redisProxy.set(undefined)
  ingest.clear()
})

const properties = (type: string) =>
  resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties)

async function start(more: Record<string, string> = {}): Promise<LambdaFunction> {
  const environment = {
    ...stack.environment,
    HEALTH_CHECKS: 'database,redis',
    HEALTH_TTL_FAIL: '0',
    ...patient,
    ...more,
  }
  const lambda = await startLambda(taskRoot, environment, handler)
  running.push(lambda)
  return lambda
}

describe('the template', () => {
  it('says how the function runs', () => {
    expect(properties('AWS::Lambda::Function')).toMatchObject([
      { Runtime: 'nodejs24.x', Handler: 'dist/lambda/lambda.handler', MemorySize: 512, Timeout: 90 },
    ])
    expect(properties('AWS::Lambda::EventInvokeConfig')).toMatchObject([{ MaximumRetryAttempts: 0 }])
  })

  it('opens a URL with both permissions that AWS requires', () => {
    expect(properties('AWS::Lambda::Url')).toMatchObject([{ AuthType: 'NONE' }])
    expect(properties('AWS::Lambda::Permission').filter(({ Principal }) => Principal === '*')).toMatchObject([
      { Action: 'lambda:InvokeFunctionUrl', FunctionUrlAuthType: 'NONE' },
      { Action: 'lambda:InvokeFunction', InvokedViaFunctionUrl: true },
    ])
  })

  it('calls the function every 15 minutes, with its schedule', () => {
    expect(properties('AWS::Events::Rule')).toMatchObject([
      {
        ScheduleExpression: 'rate(15 minutes)',
        State: 'ENABLED',
        Targets: [{ Input: '{"cron":"rate(15 minutes)"}' }],
      },
    ])
  })

  it('passes on the deploy’s environment; what is not set there is empty, and so unset', () => {
    const [{ Environment }] = properties('AWS::Lambda::Function') as [{ Environment: { Variables: object } }]
    const { HEALTH_TOKEN, HEALTH_STORE, SENTRY_ENVIRONMENT, ...others } = Environment.Variables as Record<
      string,
      string
    >
    expect({ HEALTH_TOKEN, HEALTH_STORE, SENTRY_ENVIRONMENT }).toEqual({
      HEALTH_TOKEN: 'from-the-deploys-environment',
      // As serverless.yml itself sets it.
      HEALTH_STORE: 'redis',
      SENTRY_ENVIRONMENT: 'production',
    })
    expect(new Set(Object.values(others))).toEqual(new Set(['']))
  })

  it('knows every variable that the function reads', () => {
    const [{ Environment }] = properties('AWS::Lambda::Function') as [{ Environment: { Variables: object } }]
    const ttl = ['DATABASE', 'MIGRATIONS', 'CELERY', 'REDIS'].flatMap((check) => [
      `HEALTH_${check}_TTL_PASS`,
      `HEALTH_${check}_TTL_FAIL`,
    ])
    expect(Object.keys(Environment.Variables).sort()).toEqual(
      [...secretVariables, ...openVariables, ...ttl].sort(),
    )
  })
})

describe('the zip', () => {
  it('holds the bundle and, apart from it, Sentry and the drivers for TCP, and is small', () => {
    const names = [...readZip(zipPath).keys()].sort()
    expect(names).toEqual([
      // ioredis by the name of its folder, what esbuild needs for CommonJS, and pg by the name of its folder.
      expect.stringMatching(/^dist\/lambda\/chunk-built-\w+\.mjs$/),
      expect.stringMatching(/^dist\/lambda\/chunk-chunk-\w+\.mjs$/),
      expect.stringMatching(/^dist\/lambda\/chunk-esm-\w+\.mjs$/),
      expect.stringMatching(/^dist\/lambda\/chunk-sentry-\w+\.mjs$/),
      'dist/lambda/lambda.mjs',
      'dist/lambda/package.json',
    ])
    expect(statSync(zipPath).size).toBeLessThanOrEqual(300_000)
    const main = readZip(zipPath).get('dist/lambda/lambda.mjs')?.toString() ?? ''
    expect(main).not.toContain('sentry.javascript')
    expect(main).not.toContain('removed in pg@9.0')
  })
})

describe('the function in the zip, under the Runtime API and frozen between its invocations', () => {
  it('answers recorded requests with real servers behind it', async () => {
    const lambda = await start({ SENTRY_RELEASE: '4f2a91c' })
    const { answer } = (await lambda.invoke(recorded('function-url-get'))) as { answer: { body: string } }
    expect(answer).toMatchObject({ statusCode: 200, isBase64Encoded: false })
    expect(JSON.parse(answer.body)).toMatchObject({
      status: 'success',
      hostname: 'health-check/eu-central-1',
      release: '4f2a91c',
      results: [{ checker: 'database', output: 'database ok' }, { checker: 'redis' }],
    })
    expect((await lambda.invoke(recorded('http-api-head'))).answer).toMatchObject({
      statusCode: 200,
      body: '',
    })
    expect((await lambda.invoke(recorded('function-url-post-base64'))).answer).toMatchObject({
      statusCode: 405,
    })
    expect((await lambda.invoke({ hello: 'world' })).answer).toMatchObject({ statusCode: 400 })
  })

  it('compares the schema that was compiled into it', async () => {
    const lambda = await start({ HEALTH_CHECKS: 'migrations' })
    const { answer } = (await lambda.invoke(requestEvent('/health-check'))) as { answer: { body: string } }
    // The database is empty; without a schema in the bundle the code would be not_configured.
    expect(JSON.parse(answer.body).results).toMatchObject([{ checker: 'migrations', code: 'drift' }])
  })

  it('asks another provider than Neon over TCP, after each thaw too', async () => {
    const lambda = await start({
      DATABASE_HTTP_ENDPOINT: '',
      HEALTH_CHECKS: 'database',
      HEALTH_TTL_PASS: '0',
    })
    for (let time = 0; time < 3; time += 1) {
      const { answer } = (await lambda.invoke(requestEvent('/health-check'))) as { answer: { body: string } }
      expect(JSON.parse(answer.body).results).toMatchObject([{ checker: 'database', code: 'ok' }])
    }
  })

  it('delivers events and check-ins before it is frozen', async () => {
    const lambda = await start({ SENTRY_DSN: ingest.dsn, SENTRY_MONITOR_SLUG: 'health' })
    await stack.redisProxy.set({ kind: 'refuse' })
    for (let time = 0; time < 3; time += 1) {
      expect((await lambda.invoke(requestEvent('/health-check', { method: 'HEAD' }))).answer).toMatchObject({
        statusCode: 503,
      })
    }
    expect(ingest.items('event')).toMatchObject([
      {
        fingerprint: ['health', 'redis', 'unreachable'],
        tags: { hostname: 'health-check/eu-central-1' },
        sdk: { name: 'sentry.javascript.node' },
      },
    ])
    await stack.redisProxy.set(undefined)
    for (const event of [recorded('eventbridge-rule'), { cron: 'rate(15 minutes)' }]) {
      expect(await lambda.invoke(event)).toMatchObject({ answer: null, error: undefined })
    }
    expect(ingest.items('check_in').map(({ status }) => status)).toEqual([
      'in_progress',
      'ok',
      'in_progress',
      'ok',
    ])
    await until('the lines', () => lambda.output().match(/"cron run"/g)?.length === 2)
  })

  it('loads neither Sentry without a DSN nor the drivers for TCP where HTTP is used', async () => {
    const lean = mkdtempSync(join(tmpdir(), 'health-lean-'))
    try {
      unzip(zipPath, lean)
      for (const name of readZip(zipPath).keys())
        if (/chunk-(sentry|esm|built)-/.test(name)) rmSync(join(lean, name))
      const environment = { ...stack.environment, HEALTH_CHECKS: 'redis', HEALTH_TTL_PASS: '0' }
      const lambda = await startLambda(lean, environment, handler)
      running.push(lambda)
      await stack.redisProxy.set({ kind: 'refuse' })
      expect((await lambda.invoke(requestEvent('/health-check'))).answer).toMatchObject({ statusCode: 503 })
      await stack.redisProxy.set(undefined)
      expect(await lambda.invoke({ cron: 'rate(15 minutes)' })).toMatchObject({ error: undefined })
    } finally {
      rmSync(lean, { recursive: true, force: true })
    }
  })
})
