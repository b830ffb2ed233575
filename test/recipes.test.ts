import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { smokeCommand } from '../src/cli/smoke/command.ts'
import { readConfig } from '../src/config/config.ts'
import { createHealth } from '../src/health.ts'
import { appOf } from './support/app-of.ts'
import { blocks } from './support/documentation.ts'
import { parseYaml } from './support/yaml.ts'

const read = (name: string) => readFileSync(new URL(`../docs/${name}`, import.meta.url), 'utf8')
const [deploy, monitors, kubernetes] = ['deploy.md', 'monitors.md', 'kubernetes.md'].map(read) as [
  string,
  string,
  string,
]

const block = (text: string, language: string, index = 0): string => {
  const found = blocks(text, language)[index]
  if (found === undefined) throw new Error(`there is no ${language} block number ${index}`)
  return found
}

/** A real answer of the function, whose one check passes or fails. */
async function answer(passes: boolean): Promise<{ status: number; text: string }> {
  const name = 'payments'
  const status = passes ? 'pass' : 'fail'
  const app = appOf(
    createHealth({
      environment: { HEALTH_CHECKS: name },
      checks: [
        { name, run: () => ({ status, code: passes ? 'ok' : 'error', output: 'payments were asked' }) },
      ],
      write: () => {},
    }),
  )
  const context = { hostname: 'here', release: undefined, arrivedAt: Date.now(), waitUntil: () => {} }
  const response = await app.request('/health-check', {}, context)
  return { status: response.status, text: await response.text() }
}

const keyword = '"status":"success"'

test('the keyword of the recipes is in a healthy answer, early, and in no other', async () => {
  const [healthy, failing] = [await answer(true), await answer(false)]
  expect(healthy.text.slice(0, 5120)).toContain(keyword)
  expect(failing.text).not.toContain(keyword)
  expect([healthy.status, failing.status]).toEqual([200, 503])
})

/** These read another form than the answer itself. */
const otherForms = /^(Heartbeat|Oh Dear|Prometheus and Grafana|Status aggregators|A badge)\n/

test('every monitor gets the same keyword, a GET, and the same address', () => {
  const sections = monitors
    .split(/^## /m)
    .slice(1)
    .filter((section) => !otherForms.test(section))
  expect(sections.map((section) => section.split('\n')[0])).toEqual([
    'UptimeRobot',
    'Better Stack',
    'Checkly',
    'Route 53',
    'Gatus',
    'Uptime Kuma',
  ])
  for (const section of sections) {
    expect(section).toMatch(/"status":"success"|\\"status\\":\\"success\\"|\[BODY\]\.status == success/)
    expect(section).toContain('health.example.com')
    expect(section).toContain('/health-check')
  }
})

test('the address and the secret of Oh Dear are those of the format', async () => {
  const [, address = ''] = /`https:\/\/health\.example\.com(\/health-check\?format=\w+)`/.exec(monitors) ?? []
  const secret = 'a-secret-of-oh-dear'
  const environment = { HEALTH_CHECKS: 'redis', OH_DEAR_HEALTH_CHECK_SECRET: secret }
  const app = appOf(createHealth({ environment, write: () => {} }))
  const context = { hostname: 'here', arrivedAt: Date.now(), waitUntil: () => {} }
  expect((await app.request(address, {}, context)).status).toBe(401)
  const headers = { 'oh-dear-health-check-secret': secret }
  const response = await app.request(address, { headers }, context)
  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject({ checkResults: [{ name: 'redis', status: 'failed' }] })
})

test('the rules for Prometheus name metrics and an address that exist', async () => {
  const [scrape = '', rules = ''] = blocks(monitors, 'yaml').slice(1)
  const { scrape_configs: jobs } = parseYaml(scrape) as { scrape_configs: { metrics_path: string }[] }
  const { groups } = parseYaml(rules) as { groups: { rules: { expr: string }[] }[] }
  const names = groups.flatMap((group) =>
    group.rules.flatMap(({ expr }) => expr.match(/edge_health_\w+/g) ?? []),
  )
  expect(names.length).toBeGreaterThanOrEqual(2)
  const app = appOf(createHealth({ environment: { HEALTH_CHECKS: 'redis' }, write: () => {} }))
  const context = { hostname: 'here', arrivedAt: Date.now(), waitUntil: () => {} }
  await app.request('/health-check', {}, context)
  const metrics = await (await app.request(jobs[0]?.metrics_path ?? '', {}, context)).text()
  for (const name of names) expect(metrics).toContain(name)
})

test('the prices and the recipes agree from which interval on a Neon database never sleeps', () => {
  for (const text of [read('prices.md'), monitors])
    expect(text.replaceAll(/\s+/g, ' ')).toMatch(/every 5 minutes or more often keeps it awake for ever/)
})

test('Better Stack and Route 53 get it in JSON that can be sent', () => {
  expect(JSON.parse(block(monitors, 'json', 0))).toMatchObject({
    required_keyword: keyword,
    http_method: 'get',
  })
  expect(JSON.parse(block(monitors, 'json', 1))).toMatchObject({
    Type: 'HTTPS_STR_MATCH',
    ResourcePath: '/health-check',
    SearchString: keyword,
    FailureThreshold: 2,
  })
})

test('the times for Route 53 are a configuration without a mistake, and end before it hangs up', () => {
  const environment = Object.fromEntries(
    block(monitors, 'sh')
      .trim()
      .split('\n')
      .map((line) => line.split('=')),
  )
  const { mistakes, timing } = readConfig({ ...environment, HEALTH_CHECKS: 'database' })
  expect(Object.keys(environment)).toHaveLength(3)
  expect(mistakes.filter(({ variable }) => variable in environment)).toEqual([])
  expect(timing.deadlineMs + 250).toBeLessThan(2000)
})

test('Gatus reads the recipe, and its conditions hold for a healthy answer alone', async () => {
  const { endpoints } = parseYaml(block(monitors, 'yaml')) as {
    endpoints: { url: string; conditions: string[]; alerts: Record<string, unknown>[] }[]
  }
  expect(endpoints[0]?.alerts[0]).toMatchObject({ 'failure-threshold': 2, 'success-threshold': 2 })
  for (const passes of [true, false]) {
    const { status, text } = await answer(passes)
    const holds = endpoints[0]?.conditions.map((condition) => {
      const [left, right] = condition.split(' == ')
      return (
        String(left === '[STATUS]' ? status : JSON.parse(text)[left?.replace('[BODY].', '') ?? '']) === right
      )
    })
    expect(holds).toEqual([passes, passes])
  }
})

test('the Kubernetes probe is a readiness probe with time enough, of a check that exists', () => {
  const { readinessProbe, livenessProbe } = parseYaml(block(kubernetes, 'yaml')) as Record<string, never>
  expect(livenessProbe).toBeUndefined()
  expect(readinessProbe).toMatchObject({ timeoutSeconds: 5, failureThreshold: 2 })
  const { path } = (readinessProbe as unknown as { httpGet: { path: string } }).httpGet
  const { pathname, searchParams } = new URL(path, 'https://health.example.com')
  expect(pathname).toBe('/health-check')
  const { checkers, timing } = readConfig({})
  expect(checkers).toContain(searchParams.get('check'))
  expect(timing.deadlineMs + 250).toBeLessThan(5000)
})

interface Workflow {
  jobs: { deploy: { steps: { id?: string; name?: string; run?: string; if?: string }[] } }
}

test('the workflow remembers, deploys, proves and rolls back, in this order', () => {
  const { jobs } = parseYaml(block(deploy, 'yaml')) as Workflow
  const { steps } = jobs.deploy
  const position = (text: string) => steps.findIndex(({ run }) => run?.includes(text))
  const order = ['deployments status', 'wrangler deploy ', 'edge-health smoke', 'wrangler rollback'].map(
    position,
  )
  expect(order).not.toContain(-1)
  expect([...order].sort((a, b) => a - b)).toEqual(order)
  const ids = steps.flatMap(({ id }) => id ?? [])
  const used = [...block(deploy, 'yaml').matchAll(/steps\.(\w+)\./g)].map(([, id]) => id)
  for (const id of used) expect(ids).toContain(id)
  expect(steps.at(order[3] ?? -1)?.if).toContain('failure()')
})

test('the exit codes are those of the command', () => {
  const documented = [...deploy.matchAll(/^\| (\d) \| ([\w ,]+)/gm)].map(([, code]) => code)
  let help = ''
  smokeCommand()
    .configureOutput({ writeOut: (text) => (help += text) })
    .outputHelp()
  const printed = help.split('EXIT CODES')[1] ?? ''
  expect(documented).toEqual([...printed.matchAll(/^ {2}(\d) /gm)].map(([, code]) => code))
  expect(documented).not.toEqual([])
})
