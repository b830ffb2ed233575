import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mailCheck } from '../example/mail-check.ts'
import { celeryCodes, faultCodes, migrationsCodes } from '../src/check.ts'
import { readConfig, standardCheckers } from '../src/config.ts'
import { createHealth } from '../src/health.ts'
import { answering } from './support/http.ts'

const readme = readFileSync('README.md', 'utf8')
const section = (title: string) => readme.split(new RegExp(`^## ${title}$`, 'm'))[1]?.split(/^## /m)[0] ?? ''
const rows = (title: string) =>
  section(title)
    .split('\n')
    .filter((line) => line.startsWith('| '))

describe('the README', () => {
  it('explains every code, with its meaning and a first command', () => {
    const runbook = rows('Runbook')
    for (const code of ['ok', 'slow', ...faultCodes, ...migrationsCodes, ...celeryCodes]) {
      const row = runbook.filter((line) => line.startsWith(`| \`${code}\` |`))
      expect(row, code).toHaveLength(1)
      const cells = row[0]?.split('|').map((cell) => cell.trim()) ?? []
      expect(cells[3], code).not.toBe('')
      if (code !== 'ok') expect(cells[4], code).not.toBe('')
    }
    expect(runbook).toHaveLength(2 + faultCodes.length + migrationsCodes.length + celeryCodes.length + 1)
  })

  it('names every variable that is read, and no other', () => {
    const read = new Set<string>(['DRIZZLE_CONFIG'])
    const recording = { get: (_: object, name: string) => void read.add(name) }
    readConfig(new Proxy({}, recording))
    readConfig(
      new Proxy(
        { UPSTASH_REDIS_REST_URL: 'https://x' },
        {
          get: (_, name: string) => {
            read.add(name)
            return undefined
          },
        },
      ),
    )
    const perCheck = standardCheckers.flatMap((checker) =>
      ['PASS', 'FAIL'].map((result) => `HEALTH_${checker.toUpperCase()}_TTL_${result}`),
    )
    const named = new Set(
      rows('Configuration').flatMap((line) =>
        [...(line.split('|')[1] ?? '').matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name as string),
      ),
    )
    named.add('KV_REST_API_URL').add('KV_REST_API_TOKEN')
    expect([...read].filter((name) => !named.has(name) && !perCheck.includes(name))).toEqual([])
    expect([...named].filter((name) => !read.has(name))).toEqual([])
  })

  it('shows the defaults that are used', () => {
    const { timing, failedStatus } = readConfig({})
    const table = rows('Configuration').join('\n')
    expect(table).toContain(
      `\`HEALTH_TTL_PASS\`, \`HEALTH_TTL_FAIL\` | \`${timing.ttlMs('x', 'pass') / 1000}\`, \`${timing.ttlMs('x', 'fail') / 1000}\` s`,
    )
    expect(table).toContain(`\`${timing.timeoutMs}\`, \`${timing.deadlineMs}\``)
    expect(table).toContain(`| \`HEALTH_FAILED_STATUS\` | \`${failedStatus}\``)
  })

  it('shows the table that the fault suite wrote', () => {
    const page = readFileSync('docs/faults.md', 'utf8')
    const table = page.slice(page.indexOf('| what is wrong')).trim()
    expect(readme).toContain(table)
    expect(readme).toContain(`${table.split('\n').length - 2} faults, and what each check says`)
  })

  it('links to files that exist', () => {
    for (const [, path] of readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      expect(existsSync(path as string), path).toBe(true)
  })

  it('holds no command that nothing runs', () => {
    /** Where each is run: by the gate itself, or by a test that the gate runs. */
    const runBy: readonly (readonly [command: RegExp, file: string, words: string])[] = [
      [/^npm ci$/, '.ci/run', 'step npm ci'],
      [/^npm test$/, '.ci/run', 'step npm test'],
      [/^npm start$/, '.ci/try-readme', 'npm start'],
      [/^curl /, '.ci/try-readme', 'curls='],
      [
        /^DATABASE_URL=\S+ REDIS_URL=\S+ DRIZZLE_CONFIG=\S+ npm start$/,
        'test/local/stack.test.ts',
        'REDIS_URL',
      ],
      [/^npx edge-health init apps\/health$/, 'test/package/package.long.test.ts', "'init'"],
      [/^DRIZZLE_CONFIG=\S+ npm run deploy:(worker|lambda)$/, 'test/deploy/deploy.long.test.ts', 'deploy:'],
      [/^HEALTH_(DATABASE|MIGRATIONS)_TTL_PASS=\d+$/, 'test/config.test.ts', 'HEALTH_DATABASE_TTL_PASS'],
    ]
    const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block?.trim() ?? '')
    const commands = blocks.flatMap((block) => block.split('\n'))
    expect(commands.length).toBeGreaterThan(8)
    for (const command of commands) {
      const [, file = '', words = ''] = runBy.find(([pattern]) => pattern.test(command)) ?? []
      expect(file, command).not.toBe('')
      expect(readFileSync(file, 'utf8'), `${file} runs ${command}`).toContain(words)
    }
  })

  it('shows the example check as it is', () => {
    const shown = readme.split('<!-- example/mail-check.ts -->\n```ts\n')[1]?.split('```')[0]
    expect(shown).toBe(
      readFileSync('example/mail-check.ts', 'utf8').replace('../src/check.ts', 'edge-health-check'),
    )
    expect(shown?.split('\n').length).toBeLessThan(30)
  })
})

describe('the example check', () => {
  const ask = async (url: string) => {
    const health = createHealth({
      environment: { HEALTH_CHECKS: 'mail' },
      checks: [mailCheck(url)],
      write: () => {},
    })
    return (await health.check({ hostname: 'here' })).results
  }

  it('passes, and is unreachable when the provider is', async () => {
    expect(await ask(await answering(200, 'fine'))).toMatchObject([
      { checker: 'mail', status: 'pass', output: 'mail ok' },
    ])
    expect(await ask(await answering(503, 'sorry'))).toMatchObject([
      { checker: 'mail', status: 'fail', code: 'unreachable' },
    ])
  })
})
