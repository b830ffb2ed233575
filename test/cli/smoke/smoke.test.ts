import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { runBin } from '../run-bin.ts'
import { fakeDeployment, healthBody } from './fake-deployment.ts'

const token = 'kzlq-83hf-secret-token'
/** For those that are to give up: long enough for an answer, also on a busy machine. */
const quick = ['--timeout', '3s', '--interval', '30ms']
/** For those that end with an answer. */
const patient = ['--timeout', '60s', '--interval', '30ms']

let close = async () => {}
afterEach(() => close())

async function deployment(...script: Parameters<typeof fakeDeployment>) {
  const started = await fakeDeployment(...script)
  close = started.close
  return started
}

/** Healthy, and newer with every answer. */
const alive = (release = '4f2a91c') => {
  let timestamp = 1000
  return () => ({ status: 200, body: healthBody({ release, timestamp: ++timestamp }) })
}

test('a healthy deployment is reported attempt by attempt and as a table', async () => {
  const { url } = await deployment(alive())
  const { exitCode, stdout, stderr } = await runBin([
    'smoke',
    url,
    ...patient,
    '--expect-release',
    '4f2a91c77',
  ])
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  expect(stdout.replaceAll(/\d+\.\d s|\d+ ms/g, 'TIME')).toBe(
    `asking ${url}/health-check
  1    TIME  healthy (1 of 2)
  2    TIME  healthy (2 of 2)

check     status  time   result
database  pass    TIME  database ok
redis     pass    TIME  redis ok

healthy: release 4f2a91c, after 2 attempts in TIME
`,
  )
})

test('what it gave up on is reported with what was expected and what was found', async () => {
  const { url } = await deployment(alive('1111111'))
  const { exitCode, stdout } = await runBin(['smoke', url, ...quick, '--expect-release', '4f2a91c77'])
  expect(exitCode).toBe(3)
  expect(stdout).toMatch(/^ {2}1 .*wrong release: release 1111111 answers, 4f2a91c77 is expected$/m)
  expect(stdout).toMatch(/^expected: release 4f2a91c77 healthy, 2 times in a row$/m)
  expect(stdout).toMatch(/^actual: {3}release 1111111 answers, 4f2a91c77 is expected$/m)
  expect(stdout).not.toContain('::error')
})

test('in GitHub Actions it is an annotation too, escaped, whatever the deployment says', async () => {
  const body = healthBody({ failing: ['redis'] }).replace(
    'redis cannot be reached',
    '::set-env name=A::100%\\nB',
  )
  const { url } = await deployment(() => ({ status: 503, body }))
  const { exitCode, stdout } = await runBin(['smoke', url, ...quick], { env: { GITHUB_ACTIONS: 'true' } })
  expect(exitCode).toBe(1)
  const commands = stdout.split('\n').filter((line) => line.trimStart().startsWith('::'))
  expect(commands).toHaveLength(1)
  expect(commands[0]).toMatch(
    /^::error title=Smoke test%3A unhealthy::expected: the deployment healthy, 2 times in a row%0Aactual: .*100%25 B \(unreachable\)%0A\(\d+ attempts\)$/,
  )
})

test('with --json stdout is one document, and the attempts are on stderr', async () => {
  const { url } = await deployment(alive())
  const { exitCode, stdout, stderr } = await runBin(['smoke', url, ...patient, '--json'])
  expect(exitCode).toBe(0)
  expect(stderr).toMatch(/healthy \(2 of 2\)/)
  expect(stdout.trimEnd()).not.toContain('\n')
  expect(JSON.parse(stdout)).toMatchObject({
    verdict: 'healthy',
    exit_code: 0,
    release: '4f2a91c',
    attempts: [{ attempt: 1, verdict: 'healthy' }, { attempt: 2 }],
    results: [{ checker: 'database', passed: true }, { checker: 'redis' }],
  })
})

test('with --json an annotation does not get into the document', async () => {
  const { url } = await deployment(() => ({ status: 404, body: '' }))
  const { exitCode, stdout, stderr } = await runBin(['smoke', url, ...quick, '--json'], {
    env: { GITHUB_ACTIONS: 'true' },
  })
  expect(exitCode).toBe(4)
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'unreachable', exit_code: 4, results: [] })
  expect(stderr).toContain('::error')
})

test.each([
  ['HEALTH_TOKEN', [], { HEALTH_TOKEN: token }],
  ['--token', ['--token', token], {}],
])(
  'the token of %s asks for fresh results and details, and is printed by nobody',
  async (_what, args, env) => {
    const { url, requests } = await deployment((request) => {
      const { authorization = '' } = request.headers
      const details = {
        echo: authorization,
        url: request.url,
        findings: [{ object: 'public.orders', kind: 'table' }],
      }
      return { status: 503, body: healthBody({ failing: ['redis'], details }) }
    })
    const { exitCode, stdout, stderr } = await runBin(['smoke', url, ...quick, ...args], { env })
    expect(exitCode).toBe(1)
    expect(requests[0]?.url).toBe('/health-check?fresh=')
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${token}`)
    expect(stdout).toContain('public.orders  table')
    expect(stdout).toContain('echo: Bearer [redacted]')
    expect(stdout + stderr).not.toContain(token)
    const json = await runBin(['smoke', url, ...quick, ...args, '--json'], { env })
    expect(json.stdout + json.stderr).not.toContain(token)
  },
)

test('headers and names of checks are sent as they were given', async () => {
  const { url, requests } = await deployment(alive())
  const override = 'Cloudflare-Workers-Version-Overrides: health="4f2a91c7-0000"'
  const args = [
    '--header',
    override,
    '--header',
    'X-Two: 2',
    '--check',
    'database,redis',
    '--consecutive',
    '1',
  ]
  expect((await runBin(['smoke', url, ...patient, ...args])).exitCode).toBe(0)
  expect(requests).toHaveLength(1)
  expect(requests[0]?.url).toBe('/health-check?check=database%2Credis')
  expect(requests[0]?.headers).toMatchObject({
    'cloudflare-workers-version-overrides': 'health="4f2a91c7-0000"',
    'x-two': '2',
  })
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it with exit code %i and without a trace', async (signal, exitCode) => {
  const { url, requests } = await deployment(() => ({ status: 404, body: '' }))
  const result = await runBin(['smoke', url], {
    onStart: async (child) => {
      while (requests.length === 0) await sleep(10)
      child.kill(signal)
    },
  })
  expect(result).toMatchObject({ exitCode, stderr: '' })
})
