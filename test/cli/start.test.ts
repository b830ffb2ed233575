import { once } from 'node:events'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { journalFiles, temporaryFolder } from '../compile/folders.ts'
import { endProcess, familyOf, freePort, start, until } from '../servers/process.ts'

const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A Worker that answers what it was given, asks its database on request, and can hang. */
const worker = `export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url)
    if (pathname === '/hang') return new Promise(() => setInterval(() => {}, 1000))
    if (pathname === '/health-check/live') return new Response('alive')
    const asked = await fetch(env.DATABASE_HTTP_ENDPOINT, {
      method: 'POST',
      headers: { 'neon-connection-string': env.DATABASE_URL },
      body: JSON.stringify({ query: 'select count(*)::int n from events' }),
    })
    return Response.json({ env, rows: (await asked.json()).rows })
  },
}`

function project(files: Record<string, string> = {}): string {
  const migrations = Object.entries(journalFiles({ '0000_first': 'create table events (id int);' }))
  return temporaryFolder({
    'wrangler.toml': 'name = "fixture"\nmain = "worker.js"\ncompatibility_date = "2026-10-23"\n',
    'worker.js': worker,
    'drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }",
    'empty.config.ts': "export default { dialect: 'postgresql', out: './nothing' }",
    ...Object.fromEntries(migrations.map(([path, text]) => [`drizzle/${path}`, text])),
    ...files,
  })
}

let running: ReturnType<typeof start> | undefined
afterEach(async () => {
  if (running) await endProcess(running.child)
  running = undefined
})

function npmStart(directory: string, environment: Record<string, string>, args: readonly string[] = []) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...environment }
  running = start(process.execPath, [program, 'start', ...args], { cwd: directory, env })
  const { child, output } = running
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return {
    child,
    output,
    exit,
    ready: () =>
      until('the ready line', () => output().includes('Ready in ')).catch((error) => {
        throw new Error(output(), { cause: error })
      }),
  }
}

const alive = (pids: readonly number[]) => pids.filter((pid) => existsSync(`/proc/${pid}`))

const listensOn = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(true))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)))
  })

/** Nothing is embedded, so the start is quicker. */
const elsewhere = {
  DATABASE_HTTP_ENDPOINT: 'http://127.0.0.1:1/sql',
  UPSTASH_REDIS_REST_URL: 'http://127.0.0.1:1',
}

/** Where `wrangler dev` finds the Worker's variables. */
function variablesFile(pids: readonly number[]): string {
  for (const pid of pids) {
    const file = /--env-file=([^\0]+)/.exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.[1]
    if (file) return file
  }
  throw new Error('no process was given --env-file')
}

it('runs the Worker on the embedded stack, keeps its secrets off the command line, and leaves nothing behind', async () => {
  const port = await freePort()
  const directory = project({ '.dev.vars': 'MY_OWN="from the file"\nHEALTH_HOSTNAME=file\n' })
  const { child, output, ready, exit } = npmStart(directory, {
    PORT: String(port),
    HEALTH_HOSTNAME: 'process',
    SENTRY_DSN: 'https://planted$secret@sentry.example/1',
    ALERT_SLACK_URL: 'https://planted.slack.example/x',
    REDIS_URL: '',
  })
  await ready()
  const url = `http://127.0.0.1:${port}/health-check`
  expect(output()).toMatch(/Postgres +embedded +PGlite, 1 migration of drizzle.config.ts/)
  expect(output()).toMatch(/Redis +embedded +ioredis-mock/)
  expect(output()).toContain(`\n  ${url}\n`)
  expect(output()).toContain(`\n  ${url}/status `)
  const token = /curl -H 'Authorization: Bearer ([^']+)'/.exec(output())?.[1]
  expect(await (await fetch(url)).json()).toMatchObject({
    env: {
      MY_OWN: 'from the file',
      HEALTH_HOSTNAME: 'process',
      HEALTH_TOKEN: token,
      SENTRY_DSN: 'https://planted$secret@sentry.example/1',
      UPSTASH_REDIS_REST_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/),
      HEALTH_STORE: 'redis',
      ALERT_WEBHOOK_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/alerts$/),
      ALERT_SLACK_URL: '',
    },
    rows: [{ n: 0 }],
  })
  const family = familyOf(child.pid as number)
  const commandLines = family.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).join('\n')
  expect(commandLines).not.toMatch(/planted|Bearer|postgres:\/\//)
  expect(commandLines).not.toContain(token)
  const file = variablesFile(family)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(output()).not.toMatch(/planted/)

  const hanging = fetch(`http://127.0.0.1:${port}/hang`).catch(() => 'cut')
  await fetch(`${url}/live`)
  child.kill('SIGTERM')
  expect(await exit).toBe(143)
  expect(await hanging).toBe('cut')
  expect(existsSync(file)).toBe(false)
  await until('nobody is left', () => alive(family).length === 0)
  expect(await listensOn(port)).toBe(false)
})

it('ends what it has begun when the signal comes in the middle of the start', async () => {
  const { child, exit } = npmStart(project(), { PORT: String(await freePort()), ...elsewhere })
  let family: number[] = []
  await until('wrangler starts', () => {
    family = familyOf(child.pid as number)
    return family.some((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('wrangler'))
  })
  child.kill('SIGINT')
  expect(await exit).toBe(130)
  await until('nobody is left', () => alive(family).length === 0)
})

it.each([
  ['Redis', 'UPSTASH_REDIS_REST_URL', 'REDIS_URL', 'redis://127.0.0.1'],
  ['Postgres', 'DATABASE_HTTP_ENDPOINT', 'DATABASE_URL', 'postgres://u:p@127.0.0.1'],
])('ends although a %s has not answered yet', async (_what, unset, name, url) => {
  const silent = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void silent.close())
  await once(silent, 'listening')
  const connection = once(silent, 'connection')
  const { child, exit } = npmStart(project(), {
    ...elsewhere,
    PORT: String(await freePort()),
    [unset]: '',
    [name]: `${url}:${(silent.address() as AddressInfo).port}/0`,
  })
  await connection
  child.kill('SIGINT')
  expect(await exit).toBe(130)
})

it('ends everything when npm gets a signal to end, although npm does not pass the signal on', async () => {
  const port = await freePort()
  const scripts = { start: `"${process.execPath}" "${program}" start` }
  const directory = project({ 'package.json': JSON.stringify({ scripts }) })
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, DRIZZLE_CONFIG: 'drizzle.config.ts', PORT: String(port), ...elsewhere }
  running = start('npm', ['start'], { cwd: directory, env })
  const { child, output } = running
  await until('the ready line', () => output().includes('Ready in '))
  const family = familyOf(child.pid as number)
  child.kill('SIGTERM')
  await until('nobody is left', () => alive(family).length === 0)
  expect(await listensOn(port)).toBe(false)
})

it('ends with a sentence when wrangler dev ends', async () => {
  const { child, output, ready, exit } = npmStart(project(), { PORT: String(await freePort()), ...elsewhere })
  await ready()
  const family = familyOf(child.pid as number)
  process.kill(family[1] as number, 'SIGKILL')
  expect(await exit).toBe(1)
  expect(output()).toContain('error: wrangler dev ended by itself')
  await until('nobody is left', () => alive(family).length === 0)
})

it.each([
  ['a port in use', {}, /(^|\n)error: Port \d+ is in use: choose another one, as in PORT=8787\.\n$/],
  [
    'a drizzle.config that does not exist',
    { DRIZZLE_CONFIG: 'no.ts' },
    /(^|\n)error: There is no file .*no\.ts, which --config or DRIZZLE_CONFIG names: name the one that is there\.\n$/,
  ],
  [
    'migrations that are not there',
    { DRIZZLE_CONFIG: 'empty.config.ts' },
    /(^|\n)error: There are no migrations in .*\n$/,
  ],
  [
    'a folder without migrations that is named on the command line',
    {},
    /(^|\n)error: There is no folder .*nowhere: name the folder of your migrations with --migrations\.\n$/,
    ['--migrations', 'nowhere'],
  ],
  [
    'a database that cannot be reached',
    { DATABASE_URL: 'postgres://u:planted@127.0.0.1:1/d' },
    /(^|\n)error: DATABASE_URL: the Postgres at 127\.0\.0\.1:1\/d cannot be used .*\n$/,
  ],
])(
  'answers %s with one sentence, exit code 1 and nothing left behind',
  async (what, environment, sentence, args: readonly string[] = []) => {
    const port = await freePort()
    const other = what === 'a port in use' ? createServer().listen(port, '127.0.0.1') : undefined
    const { output, exit } = npmStart(project(), { PORT: String(port), ...environment }, args)
    expect(await exit).toBe(1)
    expect(output()).toMatch(sentence)
    expect(output()).not.toContain('planted')
    other?.close()
  },
)

it('says where a wrangler.toml is not TOML', async () => {
  const directory = project({ 'wrangler.toml': 'name = [\n' })
  const { output, exit } = npmStart(directory, { PORT: String(await freePort()), ...elsewhere })
  expect(await exit).toBe(1)
  expect(output()).toBe('error: wrangler.toml is not TOML: see line 2, column 1.\n')
})

it('shows what wrangler says about a wrong wrangler.toml', async () => {
  const directory = project({ 'wrangler.toml': 'name = "Not A Name"\n' })
  const { output, exit } = npmStart(directory, { PORT: String(await freePort()), ...elsewhere })
  expect(await exit).toBe(1)
  expect(output()).toMatch(
    /wrangler\.toml[\s\S]*error: wrangler dev ended before the Worker answered; what wrangler printed is above\.\n$/,
  )
  expect(existsSync(join(directory, 'wrangler.toml'))).toBe(true)
})
