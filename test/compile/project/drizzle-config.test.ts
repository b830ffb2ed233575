import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { findConfig, readConfig } from '../../../src/compile/project/drizzle-config.ts'
import { temporaryFolder, temporaryProject } from '../folders.ts'

afterEach(() => vi.unstubAllEnvs())

const read = (text: string, file = 'drizzle.config.ts', more: Record<string, string> = {}) =>
  readConfig(join(temporaryProject({ [file]: text, ...more }), file))

describe('a drizzle.config', () => {
  it('says where migrations, models and ledger are', async () => {
    const config = await read(
      `import { defineConfig } from 'drizzle-kit'
      import { out } from './out'
      console.log('reading')
      export default defineConfig({ dialect: 'postgresql', out, schema: ['a.ts', 'b.ts'], casing: 'snake_case',
        dbCredentials: { url: 'postgres://planted-secret@host/db' }, migrations: { table: 't', schema: 's' } })`,
      'drizzle.config.ts',
      { 'out.ts': `export const out: string = './migrations'` },
    )
    expect(config).toMatchObject({
      out: './migrations',
      schema: ['a.ts', 'b.ts'],
      casing: 'snake_case',
      migrations: { table: 't', schema: 's' },
    })
    expect(JSON.stringify(config)).not.toContain('planted-secret')
  })

  it.each([
    ['drizzle.config.js', `export default { schema: 'x.ts' }`],
    ['drizzle.config.cjs', `module.exports = { driver: 'pg', schema: 'x.ts' }`],
    ['drizzle.config.json', `{ "dialect": "postgresql", "schema": "x.ts" }`],
  ])('may be %s, and leave out what has a default', async (file, text) => {
    expect(await read(text, file)).toMatchObject({ out: 'drizzle', schema: ['x.ts'] })
  })

  it('may keep a connection open: it is ended once it has answered', async () => {
    expect(
      await read(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); export default {}`),
    ).toMatchObject({ out: 'drizzle' })
  })
})

describe('what drizzle-kit reads, is read', () => {
  const project = (files: Record<string, string>) => {
    const directory = temporaryProject({
      'src/env.ts': `const url = process.env.THE_DATABASE
        if (!url) throw new Error('Invalid environment variables')
        export const out = url === 'postgres://a:planted-password@host/db' ? 'from-dot-env' : url`,
      'drizzle.config.ts': `import { out } from './src/env'\nexport default { out }`,
      ...files,
    })
    return readConfig(join(directory, 'drizzle.config.ts'))
  }

  it('the .env beside the package.json, after the variables that are set', async () => {
    const dotEnv = { '.env': `# local\nTHE_DATABASE="postgres://a:planted-password@host/db"\n` }
    expect(await project(dotEnv)).toMatchObject({ out: 'from-dot-env' })
    vi.stubEnv('THE_DATABASE', 'from-the-shell')
    expect(await project(dotEnv)).toMatchObject({ out: 'from-the-shell' })
  })

  it('and where it is missing, the variable is named with a way out that works', async () => {
    await expect(project({})).rejects.toThrow(
      /cannot be read: Invalid environment variables\. It reads THE_DATABASE, which is not set: any value will do, because nothing is connected to \(THE_DATABASE=x npx edge-health compile\), or name/,
    )
    vi.stubEnv('THE_DATABASE', 'x')
    expect(await project({})).toMatchObject({ out: 'x' })
  })

  it('and a value of .env is not repeated', async () => {
    const files = {
      '.env': 'SECRET=planted9secret',
      'drizzle.config.ts': `throw new Error('no ' + process.env.SECRET)`,
    }
    await expect(project(files)).rejects.toThrow(/^(?!.*planted9secret).*cannot be read: no \[redacted\]/)
  })

  describe('the .env of a root, where drizzle-kit may be run too', () => {
    const inWorkspace = (files: Record<string, string>) => {
      const root = temporaryProject({
        ...files,
        'apps/web/package.json': '{"type":"module"}',
        'apps/web/drizzle.config.ts': `export default { out: [process.env.ONE_URL, process.env.TWO_URL, process.env.THREE_URL].join(' ') }`,
      })
      return readConfig(join(root, 'apps/web/drizzle.config.ts'))
    }

    it.each(['pnpm-lock.yaml', '.git/HEAD'])('with %s, the nearest one first', async (mark) => {
      vi.stubEnv('THREE_URL', 'shell')
      const config = await inWorkspace({
        [mark]: '',
        '.env': 'ONE_URL=root\nTWO_URL=root\nTHREE_URL=root',
        'apps/web/.env': 'TWO_URL=package',
      })
      expect(config).toMatchObject({ out: 'root package shell' })
    })

    it('of the workspace before that of the repository, and not above it', async () => {
      const config = await inWorkspace({
        '.env': 'ONE_URL=outside\nTWO_URL=outside\nTHREE_URL=outside',
        'yarn.lock': '',
        'apps/.git/HEAD': '',
        'apps/.env': 'ONE_URL=repository\nTWO_URL=repository',
        'apps/web/bun.lock': '',
        'apps/web/.env': 'TWO_URL=workspace',
      })
      expect(config).toMatchObject({ out: 'repository workspace ' })
    })
  })

  it.each([
    ['a public address stays', 'NEXT_PUBLIC_API_URL is not valid: https://api.acme.example/v1', undefined],
    [
      'one that begins like another stays',
      'https://www.acme.example/shop or http://127.0.0.1:3000/x',
      undefined,
    ],
    [
      'a secret goes whole',
      'no abc123-secret, no https://hooks.example/T0123456x',
      'no [redacted], no [redacted]',
    ],
    [
      'a credential goes that is not in the file',
      'postgres://shop:planted@db/shop and password=planted and https://hooks.example/services/B12345678',
      'postgres://[redacted] and password=[redacted] and https://[redacted]',
    ],
  ])('of what it prints, %s', async (_, printed, shown = printed) => {
    const files = {
      '.env': `APP_URL=https://www.acme.example
NEXT_PUBLIC_API_URL=https://api.acme.example/v1
NEXT_PUBLIC_APP_ID=public-id-12345
APP_ID=public-id-12345
AUTH_SECRET=abc123-secret
HOOK_URL=https://hooks.example/T0123456x`,
      'drizzle.config.ts': `throw new Error(${JSON.stringify(printed)})`,
    }
    await expect(project(files)).rejects.toThrow(`cannot be read: ${shown}. `)
  })

  it.each(['{"type":"module"}', '{}'])(
    '__dirname, __filename and require in a package that says %s',
    async (manifest) => {
      const config = await project({
        'package.json': manifest,
        'src/env.ts': `import { relative } from 'node:path'
        const { basename } = require('node:path')
        export const out: string = relative(__dirname, __filename) + basename(__dirname)`,
      })
      expect(config).toMatchObject({ out: 'env.tssrc' })
    },
  )

  it('and names that a module declares itself', async () => {
    const config = await project({
      'src/env.ts': `import { createRequire } from 'node:module'
        import { dirname } from 'node:path'
        import { fileURLToPath } from 'node:url'
        const require = createRequire(import.meta.url)
        const __filename = fileURLToPath(import.meta.url)
        const __dirname = dirname(__filename)
        export const out = require('node:path').basename(__dirname)`,
    })
    expect(config).toMatchObject({ out: 'src' })
  })
})

describe('a drizzle.config that cannot be used gets a sentence that names the options to use instead', () => {
  it.each([
    [
      'needs a variable',
      `if (!process.env.NOBODY_SETS_THIS) throw new Error('NOBODY_SETS_THIS is not set')\nexport default {}`,
      'NOBODY_SETS_THIS is not set',
    ],
    ['throws', `throw 'something else'`, 'something else'],
    [
      'exits',
      `console.log('bye'); process.exit(0)`,
      'it ended the process with exit code 0 after printing "bye"',
    ],
    [
      'needs a package of its workspace',
      `import '@workspace/env'\nexport default {}`,
      "Cannot find package '@workspace/env'",
    ],
    ['exports nothing', `export const config = {}`, 'it has no default export'],
    ['is no TypeScript', `export default {`, 'drizzle.config.ts cannot be read'],
    [
      'is of another dialect',
      `export default { dialect: 'sqlite' }`,
      'is of dialect "sqlite": only PostgreSQL can be compared',
    ],
    ['is of another, older driver', `export default { driver: 'mysql2' }`, 'is of dialect "mysql2"'],
    ['has an unknown casing', `export default { casing: 'kebab' }`, 'drizzle.config.ts: casing: '],
  ])('when it %s', async (_, text, reason) => {
    const error: Error = await read(text).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    )
    expect(error.name).toBe('CompileError')
    expect(error.message).toContain(reason)
    expect(error.message).toMatch(/--migrations DIR, --models FILE…, --ledger schema\.table, --casing\.$/)
    expect(error.message).not.toContain('\n')
  })
})

describe('a drizzle.config that starts what outlives it and holds its pipes, an SSH tunnel for one', () => {
  const start = `import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
const tunnel = spawn('sleep', ['60'], { stdio: 'inherit' })
writeFileSync(new URL('./pid', import.meta.url), String(tunnel.pid))
console.log('bye')
`
  const readStarting = (rest: string) => {
    const project = temporaryProject({ 'drizzle.config.ts': start + rest })
    onTestFinished(() => void process.kill(Number(readFileSync(join(project, 'pid'), 'utf8'))))
    return readConfig(join(project, 'drizzle.config.ts'))
  }

  it('is not waited for once it has answered', async () => {
    expect(await readStarting('export default {}')).toMatchObject({ out: 'drizzle' })
  })

  it('is not waited for once it has ended', async () => {
    await expect(readStarting('process.exit(3)')).rejects.toThrow('exit code 3 after printing "bye"')
  })
})

it.each([
  ['drizzle.config.ts', `console.log('postgres://user:planted-secret@host/db'); process.exit(1)`],
  ['drizzle.config.ts', `throw new Error('no connection to postgres://user:planted-secret@host/db')`],
  ['drizzle.config.json', `{ "dbCredentials": { "password": planted-secret } }`],
])('a connection string that %s holds is not repeated', async (file, text) => {
  await expect(read(text, file)).rejects.toThrow(/^(?!.*planted-secret).* cannot be read: .+/)
})

describe('the config', () => {
  it('is the one in the working directory, in any format', () => {
    const directory = temporaryFolder({ 'drizzle.config.mjs': '' })
    expect(findConfig(undefined, directory)).toBe(join(directory, 'drizzle.config.mjs'))
    expect(findConfig('drizzle.config.mjs', directory)).toBe(join(directory, 'drizzle.config.mjs'))
  })

  it('must be somewhere', () => {
    const directory = temporaryFolder()
    expect(() => findConfig(undefined, directory)).toThrow(
      `There is no drizzle.config.ts in ${directory}: name yours with --config FILE or DRIZZLE_CONFIG, or name the migrations with --migrations DIR.`,
    )
    expect(() => findConfig('a.ts', directory)).toThrow(
      `There is no file ${directory}/a.ts, which --config or DRIZZLE_CONFIG names: name the one that is there.`,
    )
  })
})
