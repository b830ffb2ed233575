import { afterAll, beforeAll, expect, it } from 'vitest'
import { endProcess, freePort, sleep, start, until } from '../servers/process.ts'
import { unhurried } from '../support/unhurried.ts'
import { runProgram } from './run-bin.ts'

/** `npm start` with everything embedded, as docs/configuration.md shows it: an alert and its end, and the history. */

let url: string
let running: ReturnType<typeof start>

beforeAll(async () => {
  const port = await freePort()
  url = `http://127.0.0.1:${port}/health-check`
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...unhurried, PORT: String(port), HEALTH_TTL_PASS: '0', HEALTH_TTL_FAIL: '0' }
  running = start(process.execPath, ['src/cli/main.ts', 'start'], { env })
  await until('the ready line', () => running.output().includes('Ready in '), 120_000).catch((error) => {
    throw new Error(running.output(), { cause: error })
  })
})
afterAll(async () => {
  if (running) await endProcess(running.child, 'SIGINT')
})

const printed = (pattern: RegExp) => {
  const found = pattern.exec(running.output())
  if (!found) throw new Error(`${pattern} is not in ${running.output()}`)
  return found
}

/** Runs that are less than 5 s apart count as one. */
async function askLater(): Promise<number> {
  await sleep(5500)
  return (await fetch(url)).status
}
const askTwice = async () => [await askLater(), await askLater()]

const alerts = () => running.output().match(/^alert: .*$/gm) ?? []

it('prints an alert when the embedded database is stopped, and its end when it is started', async () => {
  expect((await fetch(url)).status).toBe(200)
  const [, stop = ''] = printed(/curl -X POST (http:\/\/127\.0\.0\.1:\d+\/database\/stop)$/m)
  const [, begin = ''] = printed(/curl -X POST (http:\/\/127\.0\.0\.1:\d+\/database\/start)$/m)
  await fetch(stop, { method: 'POST' })
  expect(await askTwice()).toEqual([503, 503])
  await until('the alert', () => alerts().length > 0)
  await fetch(begin, { method: 'POST' })
  expect(await askTwice()).toEqual([200, 200])
  await until('its end', () => alerts().length > 1)
  expect(alerts()).toEqual([
    'alert: database fails: database cannot be reached (unreachable)',
    expect.stringMatching(/^alert: database works again after \d+ s: database ok \(ok\)$/),
  ])
})

it('keeps the history, which the command that is printed shows', async () => {
  const [command = ''] = printed(/UPSTASH_REDIS_REST_URL=\S+ UPSTASH_REDIS_REST_TOKEN=\S+ .* history/)
  const { PATH = '' } = process.env
  const { exitCode, stdout, stderr } = await runProgram('sh', ['-c', command], {
    cwd: process.cwd(),
    env: { PATH, NO_COLOR: '1' },
  })
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout).toMatch(/^database +pass /m)
  expect(stdout).toMatch(/^database +\S+ \S+ +\S+ \S+ +0 +database cannot be reached \(unreachable\)/m)
})
