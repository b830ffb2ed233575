import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runBin } from './run-bin.ts'

let folder: string
beforeEach(() => {
  // Below this repository, whose packages it finds.
  folder = mkdtempSync(join('test', 'check-entry-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
}

const check = (args: readonly string[], env: Record<string, string> = {}) =>
  runBin(['check', ...args], { cwd: folder, env })

const source = (name: string) => JSON.stringify(resolve('src', name))
const mail = `export const mail = {
  name: 'mail',
  run: ({ env }: { env: Record<string, unknown> }) =>
    ({ status: 'pass', code: 'ok', output: \`mail of \${env['MAIL_NAME']}\` }),
}`

const entries = {
  'a Worker': `import { createWorker } from ${source('worker.ts')}
    import expected from './expected.json'
    import { mail } from './mail'
    export default createWorker({ expected, checks: [mail] })`,
  'a Lambda function': `import { createHandler } from ${source('lambda.ts')}
    import { mail } from './mail.js'
    export const handler = createHandler({ checks: [mail] })`,
  'an application that has it mounted': `import { createHealthCheck } from ${source('index.ts')}
    import { mail } from './mail.ts'
    export const port = 3000
    export const health = createHealthCheck({ checks: [mail] })
    setInterval(() => {}, 1000)`,
}

describe('edge-health check --entry', () => {
  it.each(Object.entries(entries))('runs the checks of %s', async (_, entry) => {
    write({ 'src/entry.ts': entry, 'src/mail.ts': mail, 'src/expected.json': '{}' })
    const { exitCode, stdout, stderr } = await check(['mail', '--entry', 'src/entry.ts', '--json'], {
      MAIL_NAME: 'the shop',
    })
    expect(stderr).toBe('')
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).results).toMatchObject([{ checker: 'mail', output: 'mail of the shop' }])
  })

  it('takes the checks of HEALTH_CHECKS from it', async () => {
    write({ 'src/entry.ts': entries['a Lambda function'], 'src/mail.ts': mail })
    const { exitCode, stdout } = await check(['--entry', 'src/entry.ts'], { HEALTH_CHECKS: 'mail' })
    expect(stdout).toMatch(/^mail +pass/m)
    expect(exitCode).toBe(0)
  })

  it.each([
    ['is not there', {}, /cannot be imported: .*Cannot find module/],
    [
      'exports nothing of ours',
      { 'src/entry.ts': 'export default { fetch() {} }' },
      /exports nothing that createWorker/,
    ],
    [
      'starts a server and exports nothing',
      { 'src/entry.ts': "import { createServer } from 'node:http'\ncreateServer().listen(0)" },
      /exports nothing that createWorker.* Export that from a file that starts no server\.$/m,
    ],
    [
      'starts a server on a port that may not be used',
      {
        'src/entry.ts': `import { createServer } from 'node:net'
          const server = createServer()
          server.listen(0, () => createServer().listen(server.address().port))
          await new Promise(() => setInterval(() => {}, 1000))`,
      },
      /cannot be imported: Error: listen EADDRINUSE/,
    ],
    [
      'throws, without the secret in it',
      { 'src/entry.ts': `throw new Error('no ' + process.env.HEALTH_TOKEN)` },
      /cannot be imported: Error: no (?!.*planted)/,
    ],
  ])('says in one sentence that the file %s', async (_, files, sentence) => {
    write(files)
    const { exitCode, stderr } = await check(['--entry', 'src/entry.ts'], {
      HEALTH_TOKEN: 'planted-health-token',
    })
    expect(stderr).toMatch(sentence)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(exitCode).toBe(2)
  })
})
