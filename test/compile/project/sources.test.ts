import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { CompileOptions } from '../../../src/compile/options.ts'
import { findSources } from '../../../src/compile/project/sources.ts'
import { below, journalFiles, temporaryProject } from '../folders.ts'

afterEach(() => vi.unstubAllEnvs())

const migrations = journalFiles({ '0000_a': 'select 1' })
const config = `export default { dialect: 'postgresql', out: './drizzle', schema: './models', casing: 'snake_case',
  schemaFilter: 'shop', migrations: { schema: 'ops', table: 'applied' } }`

const find = (files: Record<string, string>, options: CompileOptions = {}) => {
  const workingDirectory = temporaryProject(files)
  return findSources({ workingDirectory, ...options }).then((sources) => ({
    sources,
    at: (path: string) => join(workingDirectory, path),
  }))
}

describe('where things are', () => {
  it('is said by the config in the working directory', async () => {
    const { sources, at } = await find({
      'drizzle.config.ts': config,
      ...below('drizzle', migrations),
      'models/b.ts': '',
      'models/a.ts': '',
      'models/readme.md': '',
    })
    expect(sources).toMatchObject({
      migrations: at('drizzle'),
      models: [at('models/a.ts'), at('models/b.ts')],
      casing: 'snake_case',
      schemas: ['shop'],
      ledger: { schema: 'ops', table: 'applied' },
    })
  })

  it('is said by the config that DRIZZLE_CONFIG names', async () => {
    vi.stubEnv('DRIZZLE_CONFIG', 'packages/db/drizzle.config.ts')
    const { sources, at } = await find({
      'packages/db/drizzle.config.ts': config,
      ...below('packages/db/drizzle', migrations),
    })
    expect(sources.migrations).toBe(at('packages/db/drizzle'))
  })

  it('is relative to the working directory, or to the config: what has migrations is meant', async () => {
    const inner = { 'db/drizzle.config.ts': config, 'models/wrong.ts': '', 'db/models/right.ts': '' }
    const own = await find(
      { ...inner, ...below('db/drizzle', migrations) },
      { config: 'db/drizzle.config.ts' },
    )
    expect(own.sources).toMatchObject({
      migrations: own.at('db/drizzle'),
      models: [own.at('db/models/right.ts')],
    })
    const working = await find(
      { ...inner, ...below('drizzle', migrations), 'db/drizzle/notes.md': '' },
      { config: 'db/drizzle.config.ts' },
    )
    expect(working.sources).toMatchObject({
      migrations: working.at('drizzle'),
      models: [working.at('models/wrong.ts')],
    })
  })

  it('must not be both', async () => {
    const files = {
      'db/drizzle.config.ts': config,
      ...below('drizzle', migrations),
      ...below('db/drizzle', migrations),
    }
    await expect(find(files, { config: 'db/drizzle.config.ts' })).rejects.toThrow(
      /has migrations from the working directory \(.*\/drizzle\) and from its own \(.*\/db\/drizzle\): say which with --migrations DIR/,
    )
  })

  it('must be somewhere', async () => {
    await expect(
      find({ 'db/drizzle.config.ts': config }, { config: 'db/drizzle.config.ts' }),
    ).rejects.toThrow(
      /There are no migrations in .*\/drizzle or .*\/db\/drizzle \(the `out` of .*\): run `drizzle-kit generate`, or name the folder with --migrations DIR/,
    )
  })

  it('may be patterns, files and directories', async () => {
    const { sources, at } = await find(
      { ...below('m', migrations), 'a/x.schema.ts': '', 'a/b/y.schema.ts': '', 'c/z.ts': '', 'd.ts': '' },
      { migrations: 'm', models: ['a/**/*.schema.ts', 'c', '{d,e}.ts'] },
    )
    expect(sources.models).toEqual(['a/b/y.schema.ts', 'a/x.schema.ts', 'c/z.ts', 'd.ts'].map(at))
  })

  it('may be relative to the package of the config, or to the root of its workspace', async () => {
    const files = {
      'packages/db/package.json': '{}',
      'packages/db/config/drizzle.config.ts': `export default { out: './drizzle', schema: './src/schema.ts' }`,
      'pnpm-workspace.yaml': '',
      'packages/web/package.json': '{}',
    }
    for (const base of ['packages/db', '.']) {
      const { sources, at } = await find(
        { ...files, ...below(`${base}/drizzle`, migrations), [`${base}/src/schema.ts`]: '' },
        { config: 'packages/db/config/drizzle.config.ts' },
      )
      expect(sources).toMatchObject({
        migrations: at(`${base}/drizzle`),
        models: [at(`${base}/src/schema.ts`)],
      })
    }
  })

  it('warns of a `schema` in the config that no file matches: drizzle-kit goes on without it', async () => {
    const files = { ...below('drizzle', migrations), 'a.ts': '' }
    const text = `{ "schema": ["a.ts", "typo.ts"] }`
    const { sources, at } = await find({ ...files, 'drizzle.config.json': text })
    expect(sources.models).toEqual([at('a.ts')])
    expect(sources.warnings).toEqual([
      `No file matches "typo.ts", which the \`schema\` of ${at('drizzle.config.json')} names: its models are not compared.`,
    ])
  })

  it('is not a link that leads nowhere, as Emacs makes one beside a file that somebody edits', async () => {
    const project = temporaryProject({ ...below('m', migrations), 'models/a.ts': '' })
    symlinkSync('somebody@host.4711', join(project, 'models/.#a.ts'))
    symlinkSync('gone.ts', join(project, 'models/b.ts'))
    const options = { workingDirectory: project, migrations: 'm', models: ['models', 'models/*'] }
    expect((await findSources(options)).models).toEqual([join(project, 'models/a.ts')])
  })
})

describe('options', () => {
  const files = {
    'drizzle.config.ts': config,
    ...below('drizzle', migrations),
    ...below('other', migrations),
    'm.ts': '',
  }

  it('come before the config', async () => {
    const options = {
      config: 'drizzle.config.ts',
      migrations: 'other',
      models: ['m.ts'],
      ledger: 'public.x',
      casing: 'camelCase',
      schemas: ['a'],
    }
    const { sources, at } = await find(files, options)
    expect(sources).toMatchObject({
      migrations: at('other'),
      models: [at('m.ts')],
      ledger: { schema: 'public', table: 'x' },
      casing: 'camelCase',
      schemas: ['a'],
    })
  })

  it('that name the migrations make the config needless, even one that cannot be imported', async () => {
    vi.stubEnv('DRIZZLE_CONFIG', 'drizzle.config.ts')
    const { sources, at } = await find({ ...files, 'drizzle.config.ts': 'throw 1' }, { migrations: 'other' })
    expect(sources).toMatchObject({
      migrations: at('other'),
      models: [],
      ledger: { schema: 'drizzle', table: '__drizzle_migrations' },
    })
  })

  it.each<[CompileOptions, string]>([
    [{ ledger: 'applied' }, '--ledger applied: expected schema.table'],
    [{ casing: 'kebab' }, '--casing kebab: expected snake_case or camelCase'],
    [{ skip: '(' }, '--skip (: expected a regular expression'],
    [{ preset: 'supabase' }, '--preset supabase: expected neon.'],
    [{ prelude: 'gone.sql' }, '--prelude gone.sql: there is no file'],
    [{ models: ['gone.ts'] }, '--models gone.ts: there is no such file'],
    [{ models: ['m.ts', 'typo.ts'] }, '--models typo.ts: there is no such file'],
    [{ compare: ['colour'] }, '--compare colour: expected one of access, column order, comment'],
  ])('%j is refused with what was expected', async (options, sentence) => {
    await expect(find(files, { migrations: 'other', ...options })).rejects.toThrow(sentence)
  })

  it('supply what the platform provides', async () => {
    const { sources, at } = await find(
      { ...files, 'p.sql': 'create schema extra' },
      { migrations: 'other', preset: 'neon', prelude: 'p.sql' },
    )
    expect(sources.preludes.map(({ source }) => source)).toEqual(['The preset neon', at('p.sql')])
  })
})
