import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileNode } from '../../src/cli/node-version.ts'
import { runProgram } from '../cli/run-bin.ts'
import { fakeDeployment, healthBody } from '../cli/smoke/fake-deployment.ts'
import { freePort } from '../servers/process.ts'
import {
  createWorkbench,
  expectExit,
  npmInstall,
  packRepository,
  pathWithNode,
  pathWithThisNode,
} from './workbench.ts'

const repositoryManifest = fileURLToPath(new URL('../../package.json', import.meta.url))
const workbench = createWorkbench()
let tarball: string
beforeAll(async () => {
  tarball = await packRepository(workbench.folder)
})
afterAll(() => workbench.remove())

function project(name: string, files: Record<string, string> = {}): string {
  const folder = join(workbench.folder, name)
  mkdirSync(folder)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

test('the tarball holds the bin, the library and its types, and nothing of the repository', () => {
  const listing = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
  const files = listing
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''))
  const kinds = [/^[\w-]+(\.workerd)?\.js$/, /^cli\/([\w-]+\.js|LICENSES\.txt)$/, /^types\/.+\.d\.ts$/]
  const others = files.filter((file) => !kinds.some((kind) => kind.test(file.replace('dist/package/', ''))))
  expect(others.filter((file) => !/^(package\.json|README\.md|LICENSE)$/.test(file))).toEqual([])
  expect(files).toEqual(expect.arrayContaining(['dist/package/cli/main.js', 'dist/package/worker.js']))
  const manifest = JSON.parse(
    execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }),
  )
  for (const target of Object.values<string | Record<string, string>>(manifest.exports)) {
    const paths = typeof target === 'string' ? [target] : Object.values(target)
    for (const path of paths) expect(files).toContain(path.replace('./', ''))
  }
  expect(manifest).toEqual(JSON.parse(readFileSync(repositoryManifest, 'utf8')))
  expect(manifest).not.toHaveProperty('optionalDependencies')
  // Their licences allow it with their notice.
  const licences = execFileSync('tar', ['-xzOf', tarball, 'package/dist/package/cli/LICENSES.txt'], {
    encoding: 'utf8',
  })
  for (const carried of [
    'commander',
    'croner',
    'js-yaml',
    'smol-toml',
    'valibot',
    'yocto-spinner',
    '@ioredis/commands',
  ])
    expect(licences).toMatch(new RegExp(`^${carried}\n\n[^]*?Copyright`, 'm'))
  // Their caret ranges let an application have one copy of each with its own.
  for (const range of Object.values<string>(manifest.dependencies)) expect(range).toMatch(/^\^\d/)
})

test('packing leaves package.json as it was', () => {
  expect(readFileSync(join(dirname(tarball), 'package.json'), 'utf8')).toBe(
    readFileSync(repositoryManifest, 'utf8'),
  )
})

const managers: Readonly<Record<string, readonly string[]>> = {
  npm: ['npm', 'install', '--prefer-offline', '--no-audit', '--no-fund'],
  pnpm: ['npx', '--yes', 'pnpm@12.21.0', 'install', '--config.strict-dep-builds=false'],
  yarn: ['npx', '--yes', '@yarnpkg/cli-dist@4.18.1', 'install'],
}

describe.each([
  ['0.31', { 'drizzle-kit': '0.31.11', 'drizzle-orm': '0.45.4' }],
  ['1.0', { 'drizzle-kit': '1.0.0-rc.5', 'drizzle-orm': '1.0.0-rc.5' }],
])('beside drizzle-kit %s', (kit, drizzle) => {
  test.each(Object.entries(managers))(
    'it installs with %s and runs',
    async (name, [program = '', ...args]) => {
      const folder = project(`${name}-${kit}`, {
        'package.json': JSON.stringify({
          private: true,
          dependencies: { ...drizzle, 'edge-health-check': `file:${tarball}` },
        }),
        '.yarnrc.yml': 'nodeLinker: node-modules\nenableTelemetry: false\nenableImmutableInstalls: false\n',
        'yarn.lock': '',
      })
      const path = pathWithThisNode(folder)
      await expectExit(0, program, args, { cwd: folder, path })
      const bin = join(folder, 'node_modules/.bin/edge-health')
      const { stdout } = await expectExit(0, bin, ['--version'], { cwd: folder, path })
      expect(stdout.trim()).toBe(JSON.parse(readFileSync(repositoryManifest, 'utf8')).version)
    },
  )
})

/** What package.json promises, and what the commands that read TypeScript ask for. */
const [oldestNode, oldestForCompile] = ['20.12.0', '22.15.0']

test('every command of the package runs with all that it may need beside it, on each Node that is promised', async () => {
  const { peerDependencies, devDependencies, engines } = JSON.parse(readFileSync(repositoryManifest, 'utf8'))
  expect(engines.node).toBe(`>=${oldestNode.replace(/\.0$/, '')}`)
  expect(oldestForCompile).toBe(`${compileNode.join('.')}.0`)
  const peers = Object.keys(peerDependencies).map((name) => `${name}@${devDependencies[name]}`)
  const folder = project('peers', { 'package.json': '{ "private": true, "type": "module" }' })
  cpSync(fileURLToPath(new URL('../../example', import.meta.url)), folder, { recursive: true })
  const current = pathWithThisNode(folder)
  await npmInstall(folder, current, '--force', tarball, 'drizzle-orm@0.45.4', 'esbuild', ...peers)
  const paths = {
    '24': current,
    [oldestForCompile]: await pathWithNode(workbench.folder, oldestForCompile),
    [oldestNode]: await pathWithNode(workbench.folder, oldestNode),
  }

  for (const [version, path] of Object.entries(paths)) {
    const run = (exitCode: number, ...args: string[]) =>
      expectExit(exitCode, join(folder, 'node_modules/.bin/edge-health'), args, { cwd: folder, path })
    const node = await expectExit(0, 'node', ['--version'], { cwd: folder, path })
    expect(node.stdout.startsWith(`v${version}`)).toBe(true)
    const help = (await run(0, '--help')).stdout
    for (const command of ['bundle', 'check', 'compile', 'init', 'smoke', 'start']) {
      expect(help).toMatch(new RegExp(`^ +${command} `, 'm'))
      expect((await run(0, command, '--help')).stdout).toContain(`edge-health ${command}`)
    }
    await run(0, 'init', '.', '--migrations', 'drizzle')
    await run(1, 'check')
    if (version === oldestNode) continue
    expect((await run(0, 'compile', '--force')).stdout).toContain('expected.json written')
    await startAndStop(folder, path)
  }
})

/** `edge-health start` until it says that it is ready, then Ctrl-C. */
async function startAndStop(cwd: string, path: string): Promise<void> {
  const bin = join(cwd, 'node_modules/edge-health-check/dist/package/cli/main.js')
  const { HOME = '' } = process.env
  const { exitCode, stdout, stderr } = await runProgram('node', [bin, 'start'], {
    cwd,
    env: { PATH: path, HOME, PORT: String(await freePort()), WRANGLER_SEND_METRICS: 'false', CI: 'true' },
    onStart: (child) =>
      child.stdout?.on('data', (chunk) => String(chunk).includes('Ready') && child.kill('SIGINT')),
  })
  expect(stdout + stderr).toMatch(/^Ready/m)
  expect(exitCode).toBe(130)
}

test('from an empty folder on the oldest Node, npx edge-health smoke follows a deployment', async () => {
  const folder = project('empty')
  const path = await pathWithNode(workbench.folder, oldestNode)
  await npmInstall(folder, path, tarball)
  let timestamp = 0
  const { url, close } = await fakeDeployment(() => {
    timestamp++
    return timestamp < 3
      ? { status: 404, body: 'There is nothing here yet' }
      : { status: 200, body: healthBody({ release: '4f2a91c', timestamp }) }
  })
  try {
    const args = ['edge-health', 'smoke', url, '--interval', '100ms', '--expect-release', '4f2a91c']
    const { stdout } = await expectExit(0, 'npx', ['--no', ...args], { cwd: folder, path })
    expect(stdout).toMatch(/healthy: release 4f2a91c, after 4 attempts/)
    await expectExit(3, 'npx', ['--no', ...args, '--expect-release', '1111111', '--timeout', '10s'], {
      cwd: folder,
      path,
    })
  } finally {
    await close()
  }
  const version = await expectExit(0, 'node', ['--version'], { cwd: folder, path })
  expect(version.stdout).toMatch(/^v20\./)
})

test('on the oldest Node the commands that need a newer one say so', async () => {
  const folder = join(workbench.folder, 'empty')
  const path = await pathWithNode(workbench.folder, oldestNode)
  for (const command of ['compile', 'start']) {
    const { stderr } = await expectExit(2, 'npx', ['--no', 'edge-health', command], { cwd: folder, path })
    expect(stderr).toContain(`edge-health ${command} needs Node 22.15 or later`)
  }
})

test('with nothing but the package, the commands say what to install', async () => {
  const folder = join(workbench.folder, 'empty')
  const path = pathWithThisNode(folder)
  const start = await expectExit(2, 'npx', ['--no', 'edge-health', 'start'], { cwd: folder, path })
  expect(start.stderr).toMatch(
    /needs .*wrangler.*, which are not installed: npm install --save-dev .*ioredis-mock@\d/,
  )
  mkdirSync(join(folder, 'migrations/meta'), { recursive: true })
  const entry = { idx: 0, version: '7', when: 1, tag: '0000_first', breakpoints: true }
  const journal = { version: '7', dialect: 'postgresql', entries: [entry] }
  writeFileSync(join(folder, 'migrations/meta/_journal.json'), JSON.stringify(journal))
  writeFileSync(join(folder, 'migrations/0000_first.sql'), 'create table orders (id integer);')
  // A config that is not code does not need drizzle-kit, which is not installed either.
  writeFileSync(join(folder, 'drizzle.config.json'), '{ "dialect": "postgresql", "out": "migrations" }')
  const args = ['--no', 'edge-health', 'compile']
  const compile = await expectExit(2, 'npx', args, { cwd: folder, path })
  expect(compile.stderr).toMatch(
    /npm install --save-dev @electric-sql\/pglite@\d[\d.]+ @electric-sql\/pglite-tools@\d[\d.]+\n$/,
  )
  writeFileSync(join(folder, 'drizzle.config.ts'), 'export default {}')
  const code = await expectExit(1, 'npx', args, { cwd: folder, path })
  // Node runs the TypeScript itself; the folder is the default of drizzle-kit.
  expect(code.stderr).toMatch(/There are no migrations in .*drizzle \(the `out` of .*drizzle\.config\.ts\)/)
})

/** The files of the documentation, word by word: a check and the entry that has it. */
function documentedFiles(): { check: string; entry: string } {
  const text = readFileSync(new URL('../../docs/custom-checks.md', import.meta.url), 'utf8')
  const examples = [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = '']) => code)
  const check = examples.find((code) => code.includes('export function mailCheck'))
  const entry = examples.find((code) => code.includes("from './mail-check'"))
  if (!check || !entry) throw new Error('docs/custom-checks.md has no example of a check of your own')
  return { check, entry }
}

/** Were a type of ours not found, it would be `any`, and these no errors to expect. */
const wrongUse = `import type { Check } from 'edge-health-check'
import { createHandler } from 'edge-health-check/lambda'
import { createWorker } from 'edge-health-check/worker'

// @ts-expect-error
export const check: Check = { name: 'payments', run: () => ({ status: 'great', code: 'ok', output: 'payments ok' }) }
// @ts-expect-error
createWorker({ checks: 'payments' })
// @ts-expect-error
createHandler({ checks: 'payments' })
`

test('in a workspace monorepo: init, compile, types, wrangler deploy --dry-run, with a check of its own', async () => {
  const root = project('monorepo', {
    'package.json': '{ "name": "tickets", "private": true, "workspaces": ["apps/*", "packages/*"] }',
    'apps/web/package.json': '{ "name": "web", "private": true }',
    'packages/db/package.json': JSON.stringify({
      name: '@tickets/db',
      private: true,
      type: 'module',
      dependencies: { 'drizzle-orm': '0.45.4' },
      devDependencies: { 'drizzle-kit': '0.31.11' },
    }),
  })
  cpSync(fileURLToPath(new URL('../../example', import.meta.url)), join(root, 'packages/db'), {
    recursive: true,
  })
  const path = pathWithThisNode(root)
  await npmInstall(root, path, '--save-dev', tarball)
  const init = ['--no', 'edge-health', 'init', 'apps/health', '--region', 'aws:eu-central-1']
  await expectExit(0, 'npx', init, { cwd: root, path })
  const health = join(root, 'apps/health')

  // As the README says while the package is not in the registry.
  await npmInstall(health, path, tarball)

  const compiled = await expectExit(0, 'npm', ['run', '--silent', 'compile'], { cwd: health, path })
  expect(compiled.stdout).toMatch(/expected\.json written: .*models in sync/)

  const { check, entry } = documentedFiles()
  writeFileSync(join(health, 'src/mail-check.ts'), check)
  writeFileSync(join(health, 'src/worker.ts'), entry)
  const dryRun = ['--no', 'wrangler', 'deploy', '--dry-run', '--outdir', 'out']
  const deployed = await expectExit(0, 'npx', dryRun, { cwd: health, path })
  expect(deployed.stdout + deployed.stderr).toMatch(/expected\.json unchanged/)
  const bundle = readdirSync(join(health, 'out'))
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(health, 'out', name), 'utf8'))
    .join()
  expect(bundle).toContain('mail.example.com')
  for (const ours of ['commander', 'yocto', 'pglite', 'node:fs']) expect(bundle).not.toContain(ours)

  const tsc = fileURLToPath(import.meta.resolve('typescript/package.json')).replace('package.json', 'bin/tsc')
  writeFileSync(join(health, 'src/wrong.ts'), wrongUse)
  const common = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2023', '--lib', 'es2023,webworker']
  const bundler = ['--module', 'esnext', '--moduleResolution', 'bundler', '--resolveJsonModule']
  const files = ['src/worker.ts', 'src/wrong.ts']
  await expectExit(0, 'node', [tsc, ...common, ...bundler, ...files], { cwd: health, path })
  await expectExit(0, 'node', [tsc, ...common, '--module', 'nodenext', 'src/wrong.ts'], { cwd: health, path })
  expect(existsSync(join(health, '.edge-health/expected.json'))).toBe(true)
})

test('in the same monorepo: init --lambda, build, osls package', async () => {
  const root = join(workbench.folder, 'monorepo')
  const path = pathWithThisNode(join(root, 'apps'))
  const init = ['--no', 'edge-health', 'init', 'apps/lambda', '--lambda', '--name', 'tickets-lambda']
  await expectExit(0, 'npx', init, { cwd: root, path })
  const lambda = join(root, 'apps/lambda')
  await npmInstall(lambda, path, tarball)
  mkdirSync(join(lambda, 'dist/lambda'), { recursive: true })
  writeFileSync(join(lambda, 'dist/lambda/chunk-of-an-earlier-build.mjs'), '')
  await expectExit(0, 'npm', ['run', '--silent', 'build'], { cwd: lambda, path })
  await expectExit(0, 'npx', ['--no', 'osls', 'package'], { cwd: lambda, path })
  const { handler } = await import(join(lambda, 'dist/lambda/lambda.mjs'))
  const answer = await handler({
    version: '2.0',
    rawPath: '/health-check/live',
    rawQueryString: '',
    headers: { host: 'health.example.com' },
    requestContext: { domainName: 'health.example.com', http: { method: 'GET', path: '/health-check/live' } },
  })
  expect(answer).toMatchObject({ statusCode: 200 })
  expect(JSON.parse(answer.body)).toMatchObject({ status: 'success' })
  const zip = readdirSync(join(lambda, '.serverless')).find((name) => name.endsWith('.zip')) ?? ''
  const content = readFileSync(join(lambda, '.serverless', zip), 'latin1')
  expect(content).toContain('dist/lambda/lambda.mjs')
  expect(content).not.toContain('earlier-build')
  expect(content).not.toContain('node_modules/')
})
