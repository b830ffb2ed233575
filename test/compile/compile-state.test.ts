import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import {
  hashFiles,
  keyOf,
  unchangedState,
  writeState,
  writtenSince,
} from '../../src/compile/compile-state.ts'
import { hashOf } from '../../src/compile/migrations/migration.ts'
import { temporaryFolder, writeFiles } from './folders.ts'

/** A compile that is done, of one migration folder and one model. */
function compiled() {
  const at = temporaryFolder({
    'out/expected.json': 'text',
    'm/20240101000000_a/migration.sql': '1',
    'models/a.ts': '2',
  })
  const output = join(at, 'out/expected.json')
  const read = [join(at, 'm/20240101000000_a/migration.sql'), join(at, 'models/a.ts')]
  writeState(output, {
    key: 'key',
    files: hashFiles(read),
    directory: join(at, 'm'),
    folders: ['20240101000000_a'],
    modelFiles: [join(at, 'models/a.ts')],
    modelPatterns: { patterns: ['models'], base: at },
    output: hashOf('text'),
    summary: 'summary',
    notes: [],
    warnings: ['warning'],
  })
  return { at, output }
}

describe('nothing has changed', () => {
  it('when every input and the output are as they were; warnings are told again', () => {
    const { output } = compiled()
    expect(unchangedState(output, 'key')).toMatchObject({ summary: 'summary', warnings: ['warning'] })
  })
})

describe('something has changed', () => {
  it.each<[string, (at: string) => void]>([
    ['a file that was read', (at) => writeFileSync(join(at, 'models/a.ts'), '3')],
    ['a file that is gone', (at) => rmSync(join(at, 'models/a.ts'))],
    ['a file that matches too', (at) => writeFileSync(join(at, 'models/b.ts'), '')],
    ['a migration folder that is new', (at) => writeFiles(at, { 'm/20250101000000_b/migration.sql': '' })],
    ['a folder of migrations that is gone', (at) => rmSync(join(at, 'm'), { recursive: true })],
    ['an output that somebody edited', (at) => writeFileSync(join(at, 'out/expected.json'), 'other')],
    ['an output that is gone', (at) => rmSync(join(at, 'out/expected.json'))],
    ['a state that is not ours', (at) => writeFileSync(join(at, 'out/compile-state.json'), 'null')],
  ])('by %s', (_, change) => {
    const { at, output } = compiled()
    change(at)
    expect(unchangedState(output, 'key')).toBeUndefined()
  })

  it('by another version, option or DRIZZLE_CONFIG, which make another key', () => {
    expect(unchangedState(compiled().output, 'other key')).toBeUndefined()
    const key = keyOf({ migrations: 'a' })
    expect(keyOf({ migrations: 'a', force: true, onProgress: () => {} })).toBe(key)
    expect(keyOf({ migrations: 'b' })).not.toBe(key)
    vi.stubEnv('DRIZZLE_CONFIG', 'elsewhere.ts')
    expect(keyOf({ migrations: 'a' })).not.toBe(key)
    vi.unstubAllEnvs()
  })

  it('when nothing has been compiled yet', () => {
    const at = temporaryFolder()
    mkdirSync(join(at, 'out'))
    expect(unchangedState(join(at, 'out/expected.json'), 'key')).toBeUndefined()
  })
})

it('sees a file that was written while the compile was at work', () => {
  const path = join(temporaryFolder({ 'a.sql': '' }), 'a.sql')
  const written = statSync(path).mtimeMs
  expect(writtenSince([path], written - 5)).toBe(true)
  expect(writtenSince([path], written + 5)).toBe(false)
})
