/** The probes of docs/kubernetes.md, asked of the server on Node. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type ServerProcess, startServerProcess } from './servers/server-process.ts'
import { blocks, readPage } from './support/documentation.ts'
import { startStack, type TestStack } from './support/stack.ts'
import { parseYaml } from './support/yaml.ts'

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: number }
  readonly timeoutSeconds: number
}
interface Container {
  readonly ports: readonly { readonly containerPort: number }[]
  readonly livenessProbe: Probe
  readonly readinessProbe: Probe
}

const [deployment = '', service = ''] = (blocks(readPage('docs/kubernetes.md'), 'yaml')[1] ?? '').split(
  '---\n',
)
const { spec } = parseYaml(deployment) as {
  spec: { template: { metadata: { labels: object }; spec: { containers: [Container] } } }
}
const [container] = spec.template.spec.containers
const { livenessProbe, readinessProbe } = container

let stack: TestStack
let server: ServerProcess
beforeAll(async () => {
  stack = await startStack()
  server = await startServerProcess([process.execPath, 'test/runtimes/node.ts'], {
    ...stack.environment,
    HEALTH_CHECKS: 'database,redis',
    HEALTH_TTL_PASS: '0',
    HEALTH_TTL_FAIL: '0',
  })
})
afterAll(async () => {
  await server?.close()
  await stack?.close()
})

const statusOf = async ({ httpGet: { path } }: Probe) => (await fetch(server.url + path)).status

it('are both answered while all is well', async () => {
  expect(await statusOf(livenessProbe)).toBe(200)
  expect(await statusOf(readinessProbe)).toBe(200)
})

it('take the pod out of the load balancer while the database is down, and do not restart it', async () => {
  await stack.sqlProxy.set({ kind: 'html', status: 502 })
  expect(await statusOf(readinessProbe)).toBe(503)
  expect(await statusOf(livenessProbe)).toBe(200)
  await stack.sqlProxy.set(undefined)
  expect(await statusOf(readinessProbe)).toBe(200)
})

it('wait longer than the longest answer, at the port of the container, behind a Service that also has pods that are not ready', () => {
  for (const { httpGet, timeoutSeconds } of [livenessProbe, readinessProbe]) {
    expect(container.ports.map(({ containerPort }) => containerPort)).toContain(httpGet.port)
    expect(timeoutSeconds).toBeGreaterThan(3.75)
  }
  expect(parseYaml(service)).toMatchObject({
    spec: {
      publishNotReadyAddresses: true,
      selector: spec.template.metadata.labels,
      ports: [{ targetPort: container.ports[0]?.containerPort }],
    },
  })
})
