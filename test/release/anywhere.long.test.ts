/** docs/platforms.md as an application follows it, with the packed package. */
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../cli/run-bin.ts'
import { packageFile, provideNpmPackages } from '../servers/npm-packages.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { endProcess, freePort, start, until } from '../servers/process.ts'
import { blocks, readPage } from '../support/documentation.ts'
import { unhurried } from '../support/unhurried.ts'
import { drizzleFiles, migrate } from './tickets.ts'
import { createWorkbench, expectExit, npmInstall, packRepository, pathWithThisNode } from './workbench.ts'

const workbench = createWorkbench()
const application = join(workbench.folder, 'application')
let path: string
let tarball: string
const page = readPage('docs/platforms.md')
const versions = JSON.parse(readFileSync('package.json', 'utf8')).devDependencies

beforeAll(async () => {
  tarball = await packRepository(workbench.folder)
  mkdirSync(join(application, '.edge-health'), { recursive: true })
  mkdirSync(join(application, 'src'))
  writeFileSync(join(application, 'package.json'), '{ "private": true, "type": "module" }')
  // No schema is compared here: celery, redis and the database are not configured either.
  writeFileSync(join(application, '.edge-health/expected.json'), '{}')
  path = pathWithThisNode(application)
  const packages = ['@hono/node-server', '@types/node'].map((name) => `${name}@${versions[name]}`)
  await npmInstall(application, path, tarball, 'hono', '@cloudflare/workers-types', ...packages)
})
afterAll(() => workbench.remove())

const sectionOf = (heading: string) =>
  page.split(/^##+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''

/** The first TypeScript of a section of the page. */
function codeOf(heading: string): string {
  const [code] = blocks(sectionOf(heading), 'ts')
  if (code === undefined) throw new Error(`${heading} has no code`)
  return code
}

describe('a Hono app on Node with a Postgres', () => {
  const folder = join(workbench.folder, 'shop')
  const heading = 'In your own Hono app'
  const [commands = '', variables = ''] = blocks(sectionOf(heading), 'sh')
  let postgres: PostgresServer
  beforeAll(async () => {
    postgres = await startPostgres()
    await migrate(postgres.url())
    const files = {
      ...drizzleFiles,
      'package.json': '{ "name": "shop", "private": true, "type": "module" }',
      'src/app.ts': codeOf(heading),
      'src/server.ts': `import { serve } from '@hono/node-server'
        import app from './app.ts'
        serve({ fetch: app.fetch, port: Number(process.env.PORT) }, () => console.log('listening'))`,
      'src/health.ts': `import { createHealthCheck, httpCheck } from 'edge-health-check'
        export const health = createHealthCheck({ checks: [httpCheck({ name: 'mail', url: 'http://127.0.0.1:1/' })] })`,
    }
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true })
      writeFileSync(join(folder, file), text)
    }
    await npmInstall(folder, path, 'hono', `@hono/node-server@${versions['@hono/node-server']}`)
    const pasted = commands.replace('../edge-health-check/edge-health-check-0.1.0.tgz', tarball)
    await expectExit(0, 'sh', ['-ec', pasted], { cwd: folder, path })
  })
  afterAll(() => postgres?.close())

  it('is green after the commands of the page, with its variable', async () => {
    const port = String(await freePort())
    const [name = '', value = ''] = variables.trim().split('=')
    const env = { ...unhurried, PATH: path, PORT: port, DATABASE_URL: postgres.url(), [name]: value }
    const server = start(process.execPath, ['src/server.ts'], { cwd: folder, env })
    try {
      await until('it listens', () => server.output().includes('listening'))
      const response = await fetch(`http://127.0.0.1:${port}/internal/health-check`)
      expect(await response.json()).toMatchObject({
        status: 'success',
        results: [
          { checker: 'database', code: 'ok' },
          { checker: 'migrations', code: 'ok' },
        ],
      })
    } finally {
      await endProcess(server.child)
    }
  })

  it('has the codes of its own checks in the terminal too, where the command is another copy of the package', async () => {
    const args = ['check', 'mail', '--entry', 'src/health.ts', '--json']
    const bin = join(folder, 'node_modules/.bin/edge-health')
    const { stdout } = await expectExit(1, bin, args, { cwd: folder, path })
    expect(JSON.parse(stdout).results).toMatchObject([{ checker: 'mail', code: 'unreachable' }])
  })
})

describe('the types of the package', () => {
  const consumer = `
import { Hono } from 'hono'
import { type Check, createHealthCheck, type HealthBody, httpCheck } from 'edge-health-check'
import { createHandler } from 'edge-health-check/lambda'
import { type HealthServer, serve } from 'edge-health-check/node'
import { createWorker } from 'edge-health-check/worker'

const checks: Check[] = [httpCheck({ name: 'mail', url: 'https://mail.example.com' })]
const health = createHealthCheck({ checks })
export const app = new Hono<{ Bindings: { SHOP: string } }>().route('/internal', health.app)
export const body: Promise<HealthBody> = health.check()
export const server: Promise<HealthServer> = serve({ checks, schedule: false })
export const worker = createWorker({ checks })
export const handler = createHandler({ checks })
// @ts-expect-error: were a type of ours not found, it would be any
createHealthCheck({ checks: 'mail' })
// @ts-expect-error
serve({ port: '8080' })
`
  it.each([
    ['Node', '--lib es2023 --types node --module nodenext'],
    ['Node and a browser', '--lib es2023,dom --types node --module nodenext'],
    ['a web worker', '--lib es2023,webworker --types  --module esnext --moduleResolution bundler'],
    [
      'Cloudflare',
      '--lib es2023 --types @cloudflare/workers-types --module esnext --moduleResolution bundler',
    ],
  ])('have no error in an application for %s that checks its libraries', async (_, settings) => {
    const tsc = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
    writeFileSync(join(application, 'consumer.ts'), consumer)
    const common = '--noEmit --strict --exactOptionalPropertyTypes --skipLibCheck false --target es2023'
    const args = [tsc, ...`${common} ${settings} consumer.ts`.split(' ')]
    const { stdout } = await runProgram('node', args, { cwd: application, env: { PATH: path } })
    expect(stdout).toBe('')
  })
})

describe('the Dockerfile', () => {
  const [dockerfile = ''] = blocks(page, 'dockerfile')
  const lines = dockerfile.trim().split('\n')
  const instructions = lines.map((line) => {
    const [name = '', ...words] = line.split(' ')
    return { name, words, text: words.join(' ') }
  })

  it('makes what serves, and what ends with exit code 0 when Docker stops it', async () => {
    writeFileSync(join(application, 'src/server.ts'), codeOf('A server on Node'))
    const image = join(workbench.folder, 'image')
    mkdirSync(image)
    for (const { name, words, text } of instructions) {
      if (name === 'COPY') {
        for (const source of words.slice(0, -1)) {
          await expectExit(0, 'cp', ['-r', join(application, source), image], { cwd: image, path })
        }
      }
      if (name === 'RUN') await expectExit(0, 'sh', ['-c', text], { cwd: image, path })
    }
    const command: string[] = JSON.parse(instructions.find(({ name }) => name === 'CMD')?.text ?? '[]')
    const port = String(await freePort())
    const [, ...args] = command
    expect(command[0]).toBe('node')
    const server = start(process.execPath, args, { cwd: image, env: { PATH: path, PORT: port } })
    await until('it listens', () => server.output().includes('"listening"'))
    const response = await fetch(`http://127.0.0.1:${port}/health-check`)
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({
      results: [{ checker: 'database', code: 'not_configured' }, {}, {}, {}],
    })
    server.child.kill('SIGTERM')
    await once(server.child, 'exit')
    expect(server.child.exitCode).toBe(0)
  })

  it('runs Node itself, which a signal reaches, as a user who is not root, where the server listens', () => {
    expect(instructions.at(-1)).toMatchObject({ name: 'CMD', text: expect.stringMatching(/^\["node", /) })
    expect(lines).toContain('USER node')
    expect(lines).toContain('EXPOSE 8080')
  })
})

describe('the code for', () => {
  provideNpmPackages('runtimes')
  const rights = [...page.matchAll(/`(--allow-\w+)`/g)].map(([, right = '']) => right)

  it.each([
    ['Bun', [packageFile('runtimes', 'bun', 'bin/bun.exe'), 'run']],
    ['Deno', [packageFile('runtimes', 'deno', 'deno'), 'run', '--no-prompt', ...rights]],
  ])('%s answers', async (runtime, [program = '', ...args]) => {
    const port = String(await freePort())
    const file = join(application, 'src', `${runtime}.ts`)
    writeFileSync(file, codeOf(runtime).replace('8080', port))
    const { HOME = '' } = process.env
    const server = start(program, [...args, file], { cwd: application, env: { PATH: path, HOME } })
    try {
      const url = `http://127.0.0.1:${port}/health-check`
      const body = await until(server.output() || runtime, async () => (await fetch(url)).json())
      expect(body).toMatchObject({ results: [{ checker: 'database', code: 'not_configured' }, {}, {}, {}] })
    } finally {
      await endProcess(server.child)
    }
  })

  it('Vercel answers', async () => {
    const folder = join(application, 'app/health-check/[[...path]]')
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'route.ts'), codeOf('Vercel'))
    const outfile = join(application, 'route.mjs')
    await build({
      entryPoints: [join(folder, 'route.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'silent',
    })
    const route = await import(pathToFileURL(outfile).href)
    const live = await route.GET(new Request('https://shop.example/health-check/live'))
    expect(await live.json()).toMatchObject({ status: 'success' })
    const posted = await route.POST(new Request('https://shop.example/health-check', { method: 'POST' }))
    expect(posted.status).toBe(405)
  })
})
