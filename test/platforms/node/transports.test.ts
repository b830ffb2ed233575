import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

const transports = fileURLToPath(new URL('../../../src/platforms/node/transports.ts', import.meta.url))

/** Nothing is installed above it. */
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'edge-health-transports-'))
  await build({
    entryPoints: [transports],
    outfile: join(folder, 'transports.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['pg', 'ioredis'],
    logLevel: 'error',
  })
})
afterAll(() => rmSync(folder, { recursive: true }))

it.each([
  ['postgres', 'postgres://127.0.0.1/app', 'select 1', 'Postgres', 'pg'],
  ['redis', 'redis://127.0.0.1', 'key', 'Redis', 'ioredis'],
])(
  'says which package %s over TCP needs where it is not installed',
  (transport, url, asked, server, name) => {
    const script = join(folder, `${transport}.mjs`)
    const method = transport === 'redis' ? 'get' : 'query'
    writeFileSync(
      script,
      `import { nodeTransports } from './transports.mjs'
const client = nodeTransports.${transport}('${url}')(new AbortController().signal)
await client.${method}('${asked}').catch(({ code, message }) => console.log(JSON.stringify({ code, message })))
`,
    )
    expect(JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' }))).toEqual({
      code: 'not_configured',
      message: `${server} is asked over TCP, which needs the package ${name} beside this one: add it to your dependencies`,
    })
  },
)
