import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageManagers } from '../src/cli/init/package-manager.ts'
import { scriptsOf } from '../src/cli/init/shared-files.ts'
import { createCommands } from '../src/cli/program.ts'
import { versions } from '../src/compile/package-info.ts'
import { testRequirements } from './servers/requirements.ts'
import { anchors, commandLines, links, pages, parseCommand, readPage } from './support/documentation.ts'
import { parseYaml } from './support/yaml.ts'

describe.each(pages)('%s', (page) => {
  const text = readPage(page)

  it('links to files and headings that exist', () => {
    for (const { path, anchor } of links(text)) {
      const target = path === '' ? page : join(dirname(page), path)
      expect(existsSync(target), target).toBe(true)
      if (anchor !== undefined) expect(anchors(readPage(target)), `${target}#${anchor}`).toContain(anchor)
    }
  })

  it('tells nobody to type what does not exist', async () => {
    for (const line of commandLines(text)) {
      const { variables, program, args } = parseCommand(line)
      for (const name of variables) expect(knownVariables, line).toContain(name)
      if (program !== undefined) await verify(program, args, line)
    }
  })
})

const configuration = /^## Variables$(.*?)^## /ms.exec(readPage('docs/configuration.md'))?.[1] ?? ''
const knownVariables = [
  ...[...configuration.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
  ...['DATABASE', 'MIGRATIONS', 'CELERY', 'REDIS'].map((check) => `HEALTH_${check}_TTL_PASS`),
]

const { version, scripts, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const plan = {
  name: 'x',
  source: '',
  migrations: undefined,
  region: undefined,
  cron: '',
  versions: {},
  packageManager: packageManagers.npm,
} as const
const scriptNames = [
  ...Object.keys(scripts),
  ...(['workers', 'lambda'] as const).flatMap((platform) => Object.keys(scriptsOf({ ...plan, platform }))),
]

/** What this package may need beside it, by its name or with the version that its own sentences name. */
const installable = Object.keys(peerDependencies).flatMap((name) => [name, `${name}@${versions[name]}`])

const address = /^(<url>|https:\/\/<host>\/|http:\/\/127\.0\.0\.1:8787\/health-check)$/

/** test/recipes.long.test.ts asks these themselves. */
const programsOfOthers = ['celery', 'drizzle-kit', 'psql', 'wrangler']

async function verify(program: string, args: readonly string[], line: string): Promise<void> {
  const [first = '', second = ''] = args
  switch (program) {
    case 'npm':
      if (first === 'run') return expect(scriptNames, line).toContain(second)
      if (first !== 'install') return expect(['ci', 'pack', 'start', 'test'], line).toContain(first)
      for (const wanted of args.slice(1).filter((arg) => !arg.startsWith('-'))) {
        if (!wanted.endsWith(`/edge-health-check-${version}.tgz`)) expect(installable, line).toContain(wanted)
      }
      return
    case 'edge-health': {
      const command = createCommands().find((each) => each.name() === first)
      expect(command, line).toBeDefined()
      // A sentence may name `edge-health smoke` without its URL.
      const { operands, unknown } = command?.parseOptions(args.slice(1)) ?? { operands: [], unknown: args }
      expect(unknown, line).toEqual([])
      const places = command?.registeredArguments.map(({ variadic }) => (variadic ? Infinity : 1)) ?? []
      return expect(operands.length, line).toBeLessThanOrEqual(places.reduce((sum, each) => sum + each, 0))
    }
    case 'curl':
      return expect(args.at(-1), line).toMatch(address)
    case 'vitest': {
      const [, , project, path = ''] = args
      expect([first, second], line).toEqual(['run', '--project'])
      expect(['quick', 'long', 'timed'], line).toContain(project)
      const folder = existsSync(path) ? path : dirname(path)
      return expect(
        readdirSync(folder).some((name) => join(folder, name).startsWith(path) || folder === path),
        line,
      ).toBe(true)
    }
    case 'node':
      return expect(existsSync(first), line).toBe(true)
    case 'biome':
      return expect(first, line).toBe('check')
    case 'git':
      return expect(['log', 'config'], line).toContain(first)
    default:
      expect(programsOfOthers, line).toContain(program)
  }
}

it.each([
  ['docs/architecture.md', 10],
  ['README.md', 8],
  ['.github/CONTRIBUTING.md', 3],
])('%s names files and folders of the source that exist', (page, atLeast) => {
  const named = [...readPage(page).matchAll(/`((?:src|test|example|bench)\/[^`<]*)`/g)].map(
    ([, path = '']) => path,
  )
  expect(named.length).toBeGreaterThan(atLeast)
  for (const path of named) expect(existsSync(path), path).toBe(true)
})

describe('docs/architecture.md', () => {
  const page = readPage('docs/architecture.md')

  it('has a row for every room of src and every file beside them', () => {
    const [, table = ''] = page.split('## The rooms of src')
    const rows =
      table
        .split(/^## /m)[0]
        ?.split('\n')
        .filter((line) => line.startsWith('| `')) ?? []
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    )
    const entries = readdirSync('src', { withFileTypes: true })
    const there = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    expect(there.filter((name) => !named.includes(name))).toEqual([])
    expect(named.filter((name) => name && !existsSync(join('src', name)))).toEqual([])
  })
})

describe('docs/README.md', () => {
  it('has every page', () => {
    const linked = links(readPage('docs/README.md')).map(({ path }) => path)
    const there = readdirSync('docs').filter((name) => /\.(md|json)$/.test(name) && name !== 'README.md')
    expect(there.filter((name) => !linked.includes(name))).toEqual([])
  })
})

describe('.github', () => {
  const yaml = (path: string) => parseYaml(readPage(path)) as Record<string, unknown>

  it('has a workflow that runs .ci/run', () => {
    const { jobs } = yaml('.github/workflows/ci.yml') as { jobs: { ci: { steps: { run?: string }[] } } }
    const commands = jobs.ci.steps.flatMap(({ run }) => run ?? [])
    expect(commands).toContain('.ci/run')
    const packages = testRequirements.flatMap((requirement) => requirement.packages)
    for (const name of packages) expect(commands.join('\n')).toMatch(new RegExp(`install .*\\b${name}\\b`))
  })

  it.each(['wrong-answer', 'feature'])('has a form for a %s whose fields GitHub accepts', (name) => {
    const form = yaml(`.github/ISSUE_TEMPLATE/${name}.yml`)
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) })
    const fields = (form['body'] as { type: string; id?: string; attributes: { label?: string } }[]).filter(
      ({ type }) => type !== 'markdown',
    )
    expect(fields.length).toBeGreaterThan(1)
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length)
    for (const { type, attributes } of fields) {
      expect(['textarea', 'input', 'dropdown']).toContain(type)
      expect(attributes.label).toBeTruthy()
    }
  })
})
