import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mailCheck } from '../example/mail-check.ts'
import { lambdaEntry } from '../src/cli/init/lambda-files.ts'
import { workerEntry } from '../src/cli/init/worker-files.ts'
import { createHealth } from '../src/health.ts'
import { runBin } from './cli/run-bin.ts'
import { blocks } from './support/documentation.ts'
import { answering } from './support/http.ts'
import { schemaOf } from './support/schema.ts'

const readme = readFileSync('README.md', 'utf8')
const configuration = readFileSync('docs/configuration.md', 'utf8')
const section = (page: string, title: string) =>
  page.split(new RegExp(`^## ${title}$`, 'm'))[1]?.split(/^## /m)[0] ?? ''

describe('the README with the pages that it links to', () => {
  it('is short enough to be read', () => {
    expect(readFileSync('README.md').length).toBeLessThanOrEqual(9216)
  })

  it('says how many faults the fault suite has written down', () => {
    const page = readFileSync('docs/faults.md', 'utf8')
    const table = page.slice(page.indexOf('| what is wrong')).trim()
    expect(readme).toContain(`[${table.split('\n').length - 2} faults](docs/faults.md)`)
  })

  it('holds no command that nothing runs', () => {
    const packageTest = 'test/release/package.long.test.ts'
    /** Where each is run: by .ci/run itself, or by a test that it runs. */
    const runBy: readonly (readonly [command: RegExp, file: string, line: RegExp])[] = [
      [/^npm ci$/, '.ci/run', /^step npm ci$/m],
      [/^npm test$/, '.ci/run', /^step npm test$/m],
      [/^npm start$/, '.ci/try-readme', /^(?! *#).*\bnpm start >/m],
      // It takes the lines from the README itself.
      [/^curl /, '.ci/try-readme', /^(?! *#).*\bREADME\.md\b/m],
      [/^(DATABASE_URL|REDIS_URL|DRIZZLE_CONFIG)=.* npm start$/, 'test/dev/stack.test.ts', /\bREDIS_URL:/],
      [/^npm pack$/, 'test/release/workbench.ts', /'npm', \['pack'/],
      [/^npm install --save-dev \S+\.tgz$/, packageTest, /npmInstall\(root, path, '--save-dev', tarball\)/],
      [/^npx edge-health init apps\/health$/, packageTest, /'edge-health', 'init', 'apps\/health'/],
      [/^DRIZZLE_CONFIG=\S+ npm run deploy:(worker|lambda)$/, 'test/release/deploy.long.test.ts', /deploy:/],
      [
        /^HEALTH_(DATABASE|MIGRATIONS)_TTL_PASS=\d+$/,
        'test/config/config.test.ts',
        /HEALTH_DATABASE_TTL_PASS/,
      ],
    ]
    const pages = [
      readme,
      section(configuration, 'The local stack'),
      section(readFileSync('docs/deploy.md', 'utf8'), 'Deploy this repository itself'),
      readFileSync('docs/prices.md', 'utf8'),
      readFileSync('.github/CONTRIBUTING.md', 'utf8'),
    ]
    for (const page of pages) expect(blocks(page, 'sh')).not.toEqual([])
    const lines = pages.flatMap((page) => blocks(page, 'sh').flatMap((block) => block.trim().split('\n')))
    expect(lines.length).toBeGreaterThan(8)
    for (const command of lines) {
      const [, file = '', line = /./] = runBy.find(([pattern]) => pattern.test(command)) ?? []
      expect(file, command).not.toBe('')
      expect(readFileSync(file, 'utf8'), `${file} runs ${command}`).toMatch(line)
    }
  })

  it('says how to go on after init as init itself says it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-health-readme-'))
    try {
      cpSync('example/drizzle', join(folder, 'drizzle'), { recursive: true })
      writeFileSync(join(folder, 'package.json'), '{ "name": "tickets", "workspaces": ["apps/*"] }')
      const { stdout } = await runBin(['init', 'apps/health'], { cwd: folder })
      expect(blocks(readme, 'text').map((block) => block.trim())).toContain(
        stdout.slice(stdout.indexOf('Next:')).trim(),
      )
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('shows the example check as it is', () => {
    const page = readFileSync('docs/custom-checks.md', 'utf8')
    const shown = page.split('<!-- example/mail-check.ts -->\n```ts\n')[1]?.split('```')[0]
    expect(shown).toBe(
      readFileSync('example/mail-check.ts', 'utf8').replace('../src/core/check.ts', 'edge-health-check'),
    )
    expect(shown?.split('\n').length).toBeLessThan(30)
  })

  it('shows the entries that init writes', () => {
    expect(blocks(readme, 'ts')).toEqual([workerEntry(), lambdaEntry()])
  })

  it.each(['README.md', 'docs/endpoint.md'])('shows in %s an answer that the function could give', (page) => {
    const [shown = '{}'] = blocks(readFileSync(page, 'utf8'), 'json')
    const answer = JSON.parse(shown) as { status: string; results: { passed: boolean }[] }
    const matches = schemaOf('answer')
    expect(matches(answer), JSON.stringify(matches.errors)).toBe(true)
    expect(answer.status).toBe(answer.results.every(({ passed }) => passed) ? 'success' : 'failure')
  })

  it('has the picture of a drift', () => {
    expect(readme).toMatch(/!\[[^\]]{20,}\]\(docs\/drift\.svg\)/)
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
