/** From `npm pack` to a green check in a workspace: what `init` prints is what is typed. */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentFile } from '../../src/dev/environment.ts'
import { startStack, type TestStack } from '../support/stack.ts'
import { createWorkbench, expectExit, packRepository, pathWithThisNode } from './workbench.ts'

const workbench = createWorkbench()
let tarball: string
let stack: TestStack
beforeAll(async () => {
  tarball = await packRepository(workbench.folder)
  stack = await startStack()
  await migrate(stack.postgres.url())
})
afterAll(async () => {
  await stack?.close()
  workbench.remove()
})

const migration = 'create table tickets (id integer primary key);'
const when = 1_764_000_000_000

/** As `drizzle-kit migrate` does, which also writes the row. */
async function migrate(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  const hash = createHash('sha256').update(migration).digest('hex')
  await client.query(`${migration} create schema drizzle;
    create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
    insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hash}', ${when})`)
  await client.end()
}

const journal = {
  version: '7',
  dialect: 'postgresql',
  entries: [{ idx: 0, version: '7', when, tag: '0000_first', breakpoints: true }],
}

const repository = {
  'package.json': '{ "name": "tickets", "private": true, "workspaces": ["apps/*", "packages/*"] }',
  'packages/db/package.json': '{ "name": "@tickets/db", "private": true, "type": "module" }',
  'packages/db/drizzle.config.ts': "export default { dialect: 'postgresql', out: './drizzle' }\n",
  'packages/db/drizzle/0000_first.sql': migration,
  'packages/db/drizzle/meta/_journal.json': JSON.stringify(journal),
}

/** What is printed between a line of text and the next one. */
function block(stdout: string, heading: string): string[] {
  const [, after = ''] = stdout.split(`${heading}\n`)
  return (after.split('\n\n')[0] ?? '').split('\n').map((line) => line.trim())
}

test.each([
  ['npm', 'npm install --save-dev', 'npx --no', {}],
  [
    'pnpm',
    'pnpm add --config.strict-dep-builds=false --workspace-root --save-dev',
    'pnpm exec',
    { 'pnpm-workspace.yaml': 'packages: ["apps/*", "packages/*"]\n' },
  ],
])(
  'with %s the printed steps lead to a green check, with at most 7 commands',
  async (name, add, exec, files) => {
    const root = join(workbench.folder, name)
    for (const [path, content] of Object.entries({ ...repository, ...files })) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), content)
    }
    const path = pathWithThisNode(root)
    writeFileSync(join(root, 'node-bin/pnpm'), '#!/bin/sh\nexec npx --yes pnpm@12.21.0 "$@"\n')
    chmodSync(join(root, 'node-bin/pnpm'), 0o755)
    // As pasted into one terminal, where `cd` lasts.
    const paste = (cwd: string, lines: readonly string[]) =>
      expectExit(0, 'sh', ['-ec', lines.join('\n')], { cwd, path })

    const before = [`${add} ${tarball}`, `${exec} edge-health init apps/health`]
    const { stdout } = await paste(root, before)
    const first = block(stdout, 'Next:')
    await paste(root, first)

    const health = join(root, 'apps/health')
    const secrets = readFileSync(join(health, '.dev.vars'), 'utf8').matchAll(/^([A-Z_]+)=$/gm)
    const asked = [...secrets].map(([, variable = '']) => [variable, stack.environment[variable] ?? ''])
    expect(asked.map(([variable]) => variable)).toEqual(['DATABASE_URL', 'HEALTH_TOKEN'])
    const endpoint = ['DATABASE_HTTP_ENDPOINT', stack.environment['DATABASE_HTTP_ENDPOINT'] ?? '']
    writeFileSync(join(health, '.dev.vars'), environmentFile(Object.fromEntries([...asked, endpoint])))

    const second = block(stdout, 'Fill in .dev.vars, then:')
    const deploy = second.findIndex((line) => line.endsWith('deploy'))
    const checked = await paste(health, second.slice(0, deploy))
    expect(checked.stdout).toMatch(/^healthy$/m)
    expect([...before, ...first, ...second.slice(0, deploy)].length).toBeLessThanOrEqual(7)
    // The rest of the way needs an account; what is deployed is bundled here.
    const dryRun = `${name === 'pnpm' ? 'pnpm exec' : 'npx --no'} wrangler deploy --dry-run --outdir out`
    await paste(health, [dryRun])
    expect(existsSync(join(health, 'out/worker.js'))).toBe(true)
  },
)
