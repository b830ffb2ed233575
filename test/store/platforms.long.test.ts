/** A Worker and a Lambda function with one store: one run, one incident, one alert, and the command that prints it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runBin } from '../cli/run-bin.ts'
import { sleep } from '../servers/process.ts'
import { type Deployable, makeDeployable, type Platform } from '../support/platforms.ts'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'

interface Told {
  readonly event: string
  readonly check: string
  readonly since: number
}
const told: Told[] = []
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  told.push(JSON.parse(body))
  response.end()
})

let stack: TestStack
let deployable: Deployable
let platforms: Platform[] = []
let environment: Record<string, string>
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stack = await startStack()
  deployable = await makeDeployable()
  environment = {
    ...stack.environment,
    HEALTH_CHECKS: 'database,redis',
    HEALTH_STORE: 'redis',
    HEALTH_STORE_KEY: 'edge-health:shop',
    HEALTH_TTL_PASS: '2',
    HEALTH_TTL_FAIL: '2',
    ALERT_WEBHOOK_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ALERT_WEBHOOK_SECRET: 'planted-webhook-secret',
  }
  platforms = await deployable.start(environment)
})
afterAll(async () => {
  await Promise.all(platforms.map((platform) => platform.close()))
  deployable?.close()
  await stack?.close()
  server.closeAllConnections()
  server.close()
})

const authorization = `Bearer ${healthToken}`
const ask = async (platform: Platform) => {
  const { text } = await platform.send('/health-check', { authorization })
  return JSON.parse(text).results as { checker: string; status: string }[]
}
/** Each platform in turn, further apart than what counts as one run. */
const rounds = async (count: number) => {
  for (let round = 0; round < count; round += 1) {
    for (const platform of platforms) {
      await ask(platform)
      await sleep(5200)
    }
  }
}

it('a Worker and a Lambda share results, and tell of one incident once, with its end', async () => {
  const [first, second] = platforms as [Platform, Platform]
  await ask(first)
  await ask(second)
  await sleep(2100)
  // Both platforms are warm now: the one answers with what the other found.
  const found = await ask(first)
  expect(found.map(({ status }) => status)).toEqual(['pass', 'pass'])
  expect(await ask(second)).toEqual(found)

  await stack.sqlProxy.set({ kind: 'refuse' })
  await sleep(2100)
  await rounds(2)
  await stack.sqlProxy.set(undefined)
  await rounds(2)
  expect(told.map(({ event, check }) => `${check} ${event}`)).toEqual(['database fired', 'database resolved'])
  expect(told[0]?.since).toBe(told[1]?.since)

  const { exitCode, stdout } = await runBin(['history', '--json'], { cwd: tmpdir(), env: environment })
  expect(exitCode).toBe(0)
  const { incidents } = JSON.parse(stdout)
  expect(incidents).toMatchObject([{ check: 'database', code: 'unreachable' }])
  // Where a platform found the store too slow, its result came into the history after the alert.
  const beforeSeconds = (told[0]?.since ?? 0) - incidents[0].from / 1000
  expect(beforeSeconds).toBeGreaterThanOrEqual(0)
  expect(beforeSeconds).toBeLessThan(12)
  expect(incidents[0].to - incidents[0].from).toBeGreaterThan(10_000)
})
