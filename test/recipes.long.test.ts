import { PGlite } from '@electric-sql/pglite'
import { expect, test } from 'vitest'
import { runProgram } from './cli/run-bin.ts'
import { blocks, commandLines, pages, parseCommand, readPage } from './support/documentation.ts'

const lines = pages.flatMap((page) => commandLines(readPage(page)))
const parsed = lines.map(parseCommand)

/** The arguments with which the pages call a program. */
const callsOf = (name: string) => parsed.flatMap(({ program, args }) => (program === name ? [args] : []))

/** One of them stands in `$(…)`, in the workflow. */
const workflow = blocks(readPage('docs/deploy.md'), 'yaml')
const wranglerLines = new Set(
  [...[...lines, ...workflow].join('\n').matchAll(/npx wrangler ([^\n|]+)/g)].map(([, line = '']) =>
    line.trim(),
  ),
)

/** `versions deploy` of `versions deploy "$NEW@100%" --yes`. */
const commandOf = (line: string): string[] => /^(?:[a-z]+ ?)+/.exec(line)?.[0].trim().split(' ') ?? []

const helps = new Map<string, Promise<string>>()

/** What a program of node_modules or of the system says of itself; asked once. */
function help(...command: readonly [string, ...string[]]): Promise<string> {
  const name = command.join(' ')
  const answer = helps.get(name) ?? askForHelp(...command)
  helps.set(name, answer)
  return answer
}

async function askForHelp(program: string, ...args: string[]): Promise<string> {
  const env = { WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' }
  const { exitCode, stdout } = await runProgram(program, [...args, '--help'], { env })
  expect(exitCode).toBe(0)
  return stdout
}

test('there are wrangler commands in the pages', () => {
  expect(wranglerLines.size).toBeGreaterThanOrEqual(9)
})

test.each([...wranglerLines])('wrangler %s has the options that this wrangler knows', async (line) => {
  const text = await help('node_modules/.bin/wrangler', ...commandOf(line))
  expect(text).toContain(`wrangler ${commandOf(line).join(' ')}`)
  for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(text).toMatch(new RegExp(`${option}\\b`))
})

test.each(callsOf('drizzle-kit'))('drizzle-kit %s is one of its commands', async (command = '') => {
  expect(await help('node_modules/.bin/drizzle-kit')).toMatch(new RegExp(`^ +${command}\\b`, 'm'))
})

test.each([...new Set(callsOf('celery').map((args) => args.join(' ')))])(
  'celery %s is one of its commands',
  async (line) => {
    const [command = '', task] = line.replace(/^(-A|--app) \S+ /, '').split(' ')
    const celery = ['/usr/bin/python3', '-m', 'celery'] as const
    expect(await help(...celery)).toMatch(new RegExp(`^ +${command} `, 'm'))
    // `{ping|stats|…}`, wrapped in the middle of words.
    if (task)
      expect((await help(...celery, command)).replaceAll(/\s/g, '')).toMatch(new RegExp(`[{|]${task}[|}]`))
  },
)

test('Postgres understands the statements for psql', async () => {
  const postgres = new PGlite()
  try {
    const withoutFile = callsOf('psql').filter((args) => !args.includes('--file'))
    const statements = withoutFile.map((args) => args.at(-1) ?? '')
    expect(statements.length).toBeGreaterThan(0)
    for (const statement of statements) await postgres.query(statement)
  } finally {
    await postgres.close()
  }
})
