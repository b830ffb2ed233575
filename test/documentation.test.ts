import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { assertKnownArguments } from '../src/cli/arguments.ts'
import { commands } from '../src/cli/commands.ts'
import { scriptsOf } from '../src/cli/init/shared-files.ts'
import { anchors, commandLines, links, pages, parseCommand, readPage } from './support/documentation.ts'

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

const configuration = /^## Configuration$(.*?)^## /ms.exec(readPage('README.md'))?.[1] ?? ''
const knownVariables = [
  ...[...configuration.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
  ...['DATABASE', 'MIGRATIONS', 'CELERY', 'REDIS'].map((check) => `HEALTH_${check}_TTL_PASS`),
]

const { version, scripts } = JSON.parse(readFileSync('package.json', 'utf8'))
const plan = {
  name: 'x',
  source: '',
  migrations: undefined,
  region: undefined,
  cron: '',
  versions: {},
} as const
const scriptNames = [
  ...Object.keys(scripts),
  ...(['workers', 'lambda'] as const).flatMap((platform) => Object.keys(scriptsOf({ ...plan, platform }))),
]

const address = /^(<url>|https:\/\/<host>\/|http:\/\/127\.0\.0\.1:8787\/health-check)$/

/** test/recipes.long.test.ts asks these themselves. */
const programsOfOthers = ['celery', 'drizzle-kit', 'psql', 'wrangler']

async function verify(program: string, args: readonly string[], line: string): Promise<void> {
  const [first = '', second = ''] = args
  switch (program) {
    case 'npm':
      if (first === 'run') return expect(scriptNames, line).toContain(second)
      if (first !== 'install') return expect(['ci', 'pack', 'start', 'test'], line).toContain(first)
      return expect(args.at(-1)?.endsWith(`/edge-health-check-${version}.tgz`), line).toBe(true)
    case 'edge-health': {
      const command = await commands[first]?.()
      expect(command, line).toBeDefined()
      return assertKnownArguments(args.slice(1), command?.definition.args as never, command?.takesRest)
    }
    case 'curl':
      return expect(args.at(-1), line).toMatch(address)
    case 'git':
      return expect(['log', 'config'], line).toContain(first)
    default:
      expect(programsOfOthers, line).toContain(program)
  }
}
