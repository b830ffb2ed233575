/** Two Workers and a Lambda function with one store: one run, one incident, one alert, and the command that prints it. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runBin } from '../cli/run-bin.ts'
import { sleep, until } from '../servers/process.ts'
import { type Deployable, makeDeployable, type Platform } from '../support/platforms.ts'
import { healthToken, startStack, type TestStack } from '../support/stack.ts'

interface SentMessage {
  readonly event: string
  readonly check: string
  readonly since: number
}
const notified: SentMessage[] = []
const server = createServer(async (request, response) => {
  let body = ''
  for await (const chunk of request) body += String(chunk)
  notified.push(JSON.parse(body))
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
  const [worker, lambda, second, ...more] = [
    ...(await deployable.start(environment)),
    ...(await deployable.start(environment)),
  ]
  await Promise.all(more.map((platform) => platform.close()))
  platforms = [worker, second, lambda].filter((platform) => platform !== undefined)
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
/** Each platform in turn, further apart than what counts as one run, this often in all. */
const askInTurn = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) {
    await ask(platforms[turn % platforms.length] as Platform)
    await sleep(5200)
  }
}

/** As everybody may see them: the check, and the first bad result in epoch ms. */
async function incidentsOf(platform: Platform): Promise<{ check: string; from: number }[]> {
  return JSON.parse((await platform.send('/health-check/history.json')).text).incidents
}

it('two Workers and a Lambda share results, and notify of one incident once, with its end', async () => {
  for (const platform of platforms) await ask(platform)
  // All are warm now: each answers with what the first one found. On a busy machine one may find the store too slow, and runs.
  await until('all answer alike', async () => {
    await sleep(2100)
    const found = []
    for (const platform of platforms) found.push(await ask(platform))
    expect(found[0]?.map(({ status }) => status)).toEqual(['pass', 'pass'])
    for (const other of found) expect(other).toEqual(found[0])
    return true
  })
  await sleep(3000)

  await stack.postgres.stop()
  await askInTurn(7)
  await stack.postgres.start()
  await askInTurn(2)
  await until('its end', () => notified.length > 1)
  expect(notified.map(({ event, check }) => `${check} ${event}`)).toEqual([
    'database fired',
    'database resolved',
  ])
  expect(notified[0]?.since).toBe(notified[1]?.since)

  const shown = await Promise.all(platforms.map(incidentsOf))
  expect(shown[0]).toHaveLength(1)
  for (const incidents of shown) expect(incidents).toEqual(shown[0])

  const options = { cwd: tmpdir(), env: environment }
  const { incidents } = JSON.parse((await runBin(['history', '--json'], options)).stdout)
  expect(incidents).toMatchObject([{ check: 'database', code: 'unreachable' }])
  // Where a platform found the store too slow, its result came into the history after the alert.
  const beforeSeconds = (notified[0]?.since ?? 0) - incidents[0].from / 1000
  expect(beforeSeconds).toBeGreaterThanOrEqual(0)
  expect(beforeSeconds).toBeLessThan(12)
  // Six pauses lie between the first bad result and the last.
  expect(incidents[0].to - incidents[0].from).toBeGreaterThan(30_000)
  const { exitCode, stdout } = await runBin(['history'], options)
  expect(exitCode).toBe(0)
  expect(stdout).toMatch(
    /^database +\d{4}-\S+ \S+ +\d{4}-\S+ \S+ +1 +database cannot be reached \(unreachable\)/m,
  )
})
