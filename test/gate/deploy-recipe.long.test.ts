/** The deploy of action.yml and of docs/deploy.md, run as it stands: against a real Postgres and a deployment that really answers. */
import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { createHealth } from '../../src/health.ts'
import { nodeTransports } from '../../src/platforms/node/transports.ts'
import { bin, runProgram } from '../cli/run-bin.ts'
import { journalFiles, temporaryFolder, writeFiles } from '../compile/folders.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { appOf } from '../support/app-of.ts'
import { blocks } from '../support/documentation.ts'
import { unhurried } from '../support/unhurried.ts'
import { parseYaml } from '../support/yaml.ts'
import { type Files, migrated } from './project.ts'

interface ActionStep {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly run: string
  readonly env?: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly required?: boolean }>>
  readonly runs: { readonly steps: readonly ActionStep[] }
}

const action = parseYaml(readFileSync('action.yml', 'utf8')) as Action
const repository = fileURLToPath(new URL('../..', import.meta.url))

const start: Files = { '0000_start': 'CREATE TABLE "orders" ("id" serial PRIMARY KEY, "note" text)' }
const second: Files = { ...start, '0001_paid': 'ALTER TABLE "orders" ADD COLUMN "paid" boolean' }
const rewriting: Files = {
  ...second,
  '0002_short': 'ALTER TABLE "orders" ALTER COLUMN "note" SET DATA TYPE varchar(9)',
}
const third: Files = { ...second, '0002_sent': 'ALTER TABLE "orders" ADD COLUMN "sent" boolean' }

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server?.close())

/** What stands for wrangler: it compiles as a build does, and keeps versions as files. */
const wrangler = `#!/bin/sh
set -eu
case "$1 $2" in
  "deployments status")
    [ -f current ] || exit 1
    printf '{"versions":[{"version_id":"%s","percentage":100}]}' "$(cat current)" ;;
  "deploy --tag")
    node_modules/.bin/edge-health compile --migrations drizzle >&2
    cp .edge-health/expected.json "version-$3.json"
    printf '%s' "$3" > current ;;
  "rollback "*)
    [ -f "version-$2.json" ] && [ "$3" = --yes ] && [ "$4" = --message ]
    printf '%s' "$2" > current ;;
  *) echo "unknown: $*" >&2; exit 64 ;;
esac
`

const migrator = `import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
const client = new pg.Client(process.env.DATABASE_URL)
await client.connect()
await migrate(drizzle(client), { migrationsFolder: 'drizzle' })
await client.end()
`

/** A project whose Worker is answered for here: the version that the file \`current\` names, as it was compiled. */
async function startProject(database: string) {
  const url = await migrated(server, database, start, 1)
  const folder = temporaryFolder({
    'package.json': '{"type":"module","private":true}',
    'migrate.mjs': migrator,
    'drizzle.config.json': '{"dialect":"postgresql","out":"drizzle"}',
    'node_modules/.bin/wrangler': wrangler,
    'node_modules/.bin/edge-health': `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`,
  })
  for (const name of ['wrangler', 'edge-health']) chmodSync(join(folder, 'node_modules/.bin', name), 0o755)
  for (const name of ['drizzle-orm', 'pg'])
    symlinkSync(join(repository, 'node_modules', name), join(folder, 'node_modules', name))
  mkdirSync(join(folder, 'drizzle'))
  const current = () =>
    existsSync(join(folder, 'current')) ? readFileSync(join(folder, 'current'), 'utf8') : ''
  const deployment = await listen((request) => {
    const release = current()
    const expected = JSON.parse(readFileSync(join(folder, `version-${release}.json`), 'utf8'))
    const environment = { ...unhurried, DATABASE_URL: url, HEALTH_CHECKS: 'database,migrations' }
    const health = createHealth({ environment, expected, write: () => {}, transports: nodeTransports })
    const context = { hostname: 'here', release, arrivedAt: Date.now(), waitUntil: () => {} }
    return appOf(health).request(request, {}, context)
  })
  return {
    folder,
    current,
    url: `${deployment}/health-check`,
    database: url,
    write: (files: Files) => writeFiles(join(folder, 'drizzle'), journalFiles({ ...files })),
    /** Those of the machine, and Node's own folder first. */
    env: {
      PATH: [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter),
      DATABASE_URL: url,
      PGOPTIONS: '-c lock_timeout=5s',
      npm_config_update_notifier: 'false',
    },
  }
}

type Project = Awaited<ReturnType<typeof startProject>>

async function listen(answer: (request: Request) => Response | Promise<Response>): Promise<string> {
  const listening: Server = createServer(getRequestListener(answer))
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void listening.close())
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('it listens nowhere')
  return `http://127.0.0.1:${address.port}`
}

/** Runs the steps of action.yml as GitHub's runner does. @returns names of the steps that ran, and whether all went well */
async function runAction(project: Project, inputs: Readonly<Record<string, string>>) {
  const outputs: Record<string, string> = {}
  const outcomes: Record<string, string> = {}
  const ran: string[] = []
  let output = ''
  let failed = false
  const expand = (text: string) =>
    text.replaceAll(/\$\{\{ (\S+) \}\}/g, (_, path: string) => {
      const [, input] = /^inputs\.(.+)$/.exec(path) ?? []
      const value = input === undefined ? outputs[path] : (inputs[input] ?? action.inputs[input]?.default)
      if (value === undefined) throw new Error(`${path} has no value`)
      return value
    })
  for (const step of action.runs.steps) {
    if (step.if === undefined ? failed : !(failed && mayRollBack(step.if, outcomes, outputs))) continue
    const file = join(project.folder, `output-${ran.length}`)
    writeFileSync(file, '')
    const env = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, text]) => [name, expand(text)]))
    const { exitCode, stdout, stderr } = await runProgram('bash', ['-eo', 'pipefail', '-c', step.run], {
      cwd: project.folder,
      env: { ...project.env, ...env, GITHUB_OUTPUT: file },
    })
    ran.push(step.name)
    output += stdout + stderr
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
      const at = line.indexOf('=')
      outputs[`steps.${step.id}.outputs.${line.slice(0, at)}`] = line.slice(at + 1)
    }
    if (step.id !== undefined) outcomes[step.id] = exitCode === 0 ? 'success' : 'failure'
    failed ||= exitCode !== 0
  }
  return { ran, failed, output }
}

function mayRollBack(condition: string, outcomes: Record<string, string>, outputs: Record<string, string>) {
  expect(condition).toBe(
    "failure() && steps.deploy.outcome == 'success' && steps.before.outputs.version != ''",
  )
  return outcomes['deploy'] === 'success' && outputs['steps.before.outputs.version'] !== ''
}

const names = action.runs.steps.map(({ name }) => name)
const migrate = 'node migrate.mjs'

it('a red gate runs nothing else, a green one ends in a proven release, and an unhealthy release is rolled back', async () => {
  const project = await startProject('action')
  const inputs = (release: string) => ({ 'health-url': project.url, migrate, release, timeout: '60s' })
  project.write(second)
  const first = await runAction(project, inputs('release-one'))
  expect(first, first.output).toMatchObject({ failed: false, ran: names.slice(0, 5) })
  expect(project.current()).toBe('release-one')

  project.write(rewriting)
  await server.query(`insert into orders (note) select 'x' from generate_series(1, 1000)`, 'action')
  const red = await runAction(project, {
    ...inputs('release-two'),
    gate: 'npx edge-health gate --migrations drizzle --fail-at rewrite=1kB',
  })
  expect(red, red.output).toMatchObject({ failed: true, ran: ['Gate'] })
  expect(red.output).toContain('FAIL rewrites')
  expect(project.current()).toBe('release-one')

  project.write(third)
  // A command that migrates nothing: the new release does not find what it needs.
  const unhealthy = await runAction(project, { ...inputs('release-two'), migrate: 'true', timeout: '3s' })
  expect(unhealthy, unhealthy.output).toMatchObject({ failed: true, ran: names })
  expect(unhealthy.output).toContain('unhealthy')
  expect(project.current()).toBe('release-one')
}, 300_000)

it('the same in a shell, as docs/deploy.md has it', async () => {
  const project = await startProject('shell')
  const script = blocks(readFileSync('docs/deploy.md', 'utf8'), 'bash')[0] ?? ''
  const run = (release: string, command: string, timeout: string) =>
    runProgram('bash', ['-c', script], {
      cwd: project.folder,
      env: {
        ...project.env,
        MIGRATE: command,
        RELEASE: release,
        HEALTH_URL: project.url,
        TIMEOUT: timeout,
      },
    })
  project.write(second)
  const green = await run('release-one', migrate, '60s')
  expect(green.exitCode, green.stdout + green.stderr).toBe(0)
  project.write(third)
  const unhealthy = await run('release-two', 'true', '3s')
  expect(unhealthy.exitCode, unhealthy.stdout + unhealthy.stderr).toBe(1)
  expect(project.current()).toBe('release-one')
}, 300_000)

it('both have the same commands', () => {
  const script = blocks(readFileSync('docs/deploy.md', 'utf8'), 'bash')[0] ?? ''
  const { inputs, runs } = action
  expect(script).toContain(inputs['gate']?.default)
  expect(script).toContain(inputs['deploy']?.default)
  for (const { run } of runs.steps) {
    for (const line of run.split('\n').filter((text) => /npx/.test(text))) {
      const command = /npx .*/.exec(line)?.[0].split(' --')[0] ?? ''
      expect(script.toLowerCase()).toContain(command.toLowerCase())
    }
  }
})
