import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  hashFiles,
  keyOf,
  unchangedState,
  writeState,
  writtenSince,
} from '../../src/compile/compile-state.ts'
import { hashOf } from '../../src/compile/migrations/migration.ts'
import { readMigrations } from '../../src/compile/migrations/read-migrations.ts'
import type { CompileOptions } from '../../src/compile/options.ts'
import { findSources } from '../../src/compile/project/sources.ts'
import { below, journalFiles, temporaryFolder, temporaryProject, writeFiles } from './folders.ts'

afterEach(() => vi.unstubAllEnvs())

/** A compile that is done, of one model and no snapshot. */
function compiled() {
  const at = temporaryFolder({ 'out/expected.json': 'text', 'models/a.ts': '2' })
  const output = join(at, 'out/expected.json')
  writeState(output, {
    key: 'key',
    files: hashFiles([join(at, 'models/a.ts'), join(at, 'meta/0000_snapshot.json')]),
    output: hashOf('text'),
    summary: 'summary',
    notes: [],
    warnings: ['warning'],
  })
  return { at, output }
}

describe('nothing has changed', () => {
  it('when every input and the output are as they were; warnings are printed again', () => {
    const { output } = compiled()
    expect(unchangedState(output, 'key')).toMatchObject({ summary: 'summary', warnings: ['warning'] })
  })
})

describe('something has changed', () => {
  it.each<[string, (at: string) => void]>([
    ['a file that was read', (at) => writeFileSync(join(at, 'models/a.ts'), '3')],
    ['a file that is gone', (at) => rmSync(join(at, 'models/a.ts'))],
    [
      'a file that was looked for and is there now',
      (at) => writeFiles(at, { 'meta/0000_snapshot.json': '' }),
    ],
    ['an output that somebody edited', (at) => writeFileSync(join(at, 'out/expected.json'), 'other')],
    ['an output that is gone', (at) => rmSync(join(at, 'out/expected.json'))],
    ['a state that is not ours', (at) => writeFileSync(join(at, 'out/compile-state.json'), 'null')],
  ])('by %s', (_, change) => {
    const { at, output } = compiled()
    change(at)
    expect(unchangedState(output, 'key')).toBeUndefined()
  })

  it('when nothing has been compiled yet', () => {
    const at = temporaryFolder()
    mkdirSync(join(at, 'out'))
    expect(unchangedState(join(at, 'out/expected.json'), 'key')).toBeUndefined()
  })
})

describe('the key', () => {
  const key = async (project: string, options: CompileOptions = {}) => {
    const sources = await findSources({ workingDirectory: project, ...options })
    return keyOf(options, sources, readMigrations(sources.migrations))
  }
  const files = {
    'drizzle.config.json': '{ "out": "drizzle", "schema": "models" }',
    'models/a.ts': '',
    ...below('drizzle', journalFiles({ '0000_a': 'select 1' })),
  }

  it('is the same for the same', async () => {
    const project = temporaryProject(files)
    expect(await key(project, { force: true, onProgress: () => {} })).toBe(await key(project))
  })

  it.each<[string, Record<string, string>]>([
    ['a migration', { 'drizzle/0000_a.sql': 'select 2' }],
    ['a journal', below('drizzle', journalFiles({ '0000_a': 'select 1', '0001_b': 'select 1' }))],
    ['a model that is new', { 'models/b.ts': '' }],
    ['what the config says', { 'drizzle.config.json': '{ "schema": "models", "casing": "snake_case" }' }],
    ['a lock file', { 'pnpm-lock.yaml': 'lockfileVersion: 9' }],
    ['a package', { 'models/node_modules/drizzle-orm/package.json': '{"version":"9.9.9"}' }],
  ])('is another one after a change of %s', async (_, change) => {
    const project = temporaryProject(files)
    const before = await key(project)
    writeFiles(project, change)
    expect(await key(project)).not.toBe(before)
  })

  it('is another one when the config says something else because of its environment', async () => {
    const { 'drizzle.config.json': _, ...others } = files
    const project = temporaryProject({
      ...others,
      'drizzle.config.ts': 'export default { casing: process.env.CASING }',
    })
    const before = await key(project)
    vi.stubEnv('CASING', 'snake_case')
    expect(await key(project)).not.toBe(before)
  })

  it('is another one with another option', async () => {
    const project = temporaryProject(files)
    expect(await key(project, { minServer: 15 })).not.toBe(await key(project))
    expect(await key(project, { skip: 'a' })).not.toBe(await key(project, { skip: 'b' }))
  })
})

describe('a file that was written while the compile was at work', () => {
  it('is seen', () => {
    const path = join(temporaryFolder({ 'a.sql': '' }), 'a.sql')
    const written = statSync(path).mtimeMs
    expect(writtenSince(hashFiles([path]), written - 5)).toBe(true)
    expect(writtenSince(hashFiles([path]), written + 5)).toBe(false)
  })

  it('is seen when it is removed, and is not when it was never there', () => {
    const path = join(temporaryFolder({ 'a.sql': '' }), 'a.sql')
    const files = hashFiles([path])
    rmSync(path)
    expect(writtenSince(files, Date.now() + 60_000)).toBe(true)
    expect(writtenSince(hashFiles([path]), 0)).toBe(false)
  })
})
