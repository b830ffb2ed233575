/** From `npm pack` to a green check in a workspace: what `init` prints is what is typed. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { environmentFile } from '../../src/dev/environment.ts'
import { type PostgresServer, startPostgres } from '../servers/postgres.ts'
import { drizzleFiles, migrate } from './tickets.ts'
import { createWorkbench, expectExit, packRepository, pathWithThisNode } from './workbench.ts'

const workbench = createWorkbench()
let tarball: string
let postgres: PostgresServer
beforeAll(async () => {
  tarball = await packRepository(workbench.folder)
  postgres = await startPostgres()
  await migrate(postgres.url())
})
afterAll(async () => {
  await postgres?.close()
  workbench.remove()
})

const repository = {
  'package.json': '{ "name": "tickets", "private": true, "workspaces": ["apps/*", "packages/*"] }',
  'packages/db/package.json': '{ "name": "@tickets/db", "private": true, "type": "module" }',
  ...Object.fromEntries(Object.entries(drizzleFiles).map(([path, text]) => [`packages/db/${path}`, text])),
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
    const asked = [...secrets].map(([, variable = '']) => variable)
    expect(asked).toEqual(['DATABASE_URL', 'HEALTH_TOKEN'])
    writeFileSync(
      join(health, '.dev.vars'),
      environmentFile({ DATABASE_URL: postgres.url(), HEALTH_TOKEN: 'a-token-of-the-test' }),
    )

    const second = block(stdout, 'Fill in .dev.vars, then:')
    const checked = await paste(health, second)
    expect(checked.stdout).toMatch(/^healthy$/m)
    expect([...before, ...first, ...second].length).toBeLessThanOrEqual(7)
    // The rest of the way needs an account; what is deployed is bundled here, with the secrets.
    const [deploy = ''] = block(stdout, 'With the values of production in .dev.vars:')
    const deployed = await paste(health, [`${deploy} --dry-run --outdir out`])
    expect(existsSync(join(health, 'out/worker.js'))).toBe(true)
    for (const name of asked) expect(deployed.stdout).toContain(`env.${name} ("(hidden)")`)
  },
)
