import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runProgram } from './cli/run-bin.ts'

const wrangler = join(
  fileURLToPath(new URL('..', import.meta.resolve('wrangler/package.json'))),
  'wrangler/wrangler-dist/cli.js',
)

const text = readFileSync(new URL('../docs/deploy.md', import.meta.url), 'utf8')
const lines = [...text.matchAll(/npx wrangler ([^\n|]+)/g)].map(([, line]) => line ?? '')

/** `versions deploy` of `versions deploy "$NEW@100%" --yes`. */
const commandOf = (line: string): string[] => /^(?:[a-z]+ ?)+/.exec(line)?.[0].trim().split(' ') ?? []

test('there are wrangler commands in the recipes', () => {
  expect(lines.length).toBeGreaterThanOrEqual(5)
})

test.each(lines)('wrangler %s has the options that this wrangler knows', async (line) => {
  const help = await runProgram(process.execPath, ['--no-warnings', wrangler, ...commandOf(line), '--help'], {
    env: { WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
  })
  expect(help.exitCode).toBe(0)
  expect(help.stdout).toContain(`wrangler ${commandOf(line).join(' ')}`)
  for (const [option] of line.matchAll(/--[a-z-]+/g)) expect(help.stdout).toMatch(new RegExp(`${option}\\b`))
})
