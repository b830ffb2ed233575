import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryProject } from '../compile/folders.ts'
import { runBin } from './run-bin.ts'

const entry = `import { Redis } from '@upstash/redis'
export const handler = async () => new Redis({ url: 'https://kv.example', token: 'x' })`

test('bundles the entry as this repository’s own deployment is, into a folder without what an earlier build has left', async () => {
  const cwd = temporaryProject({
    'src/lambda.ts': entry,
    'dist/lambda/chunk-old.mjs': '',
    'dist/other.js': '',
  })
  const { exitCode, stdout, stderr } = await runBin(['bundle'], { cwd })
  expect({ exitCode, stdout, stderr }).toEqual({
    exitCode: 0,
    stdout: 'dist/lambda/lambda.mjs written\n',
    stderr: '',
  })
  expect(readdirSync(join(cwd, 'dist/lambda')).sort()).toEqual(['lambda.mjs', 'package.json'])
  expect(existsSync(join(cwd, 'dist/other.js'))).toBe(true)
  const text = readFileSync(join(cwd, 'dist/lambda/lambda.mjs'), 'utf8')
  // All of Node's cryptography and streams would be loaded at every cold start.
  expect(text).not.toMatch(/["']node:crypto["']|["']crypto["']/)
})

test('what cannot be bundled is said once, by esbuild, with exit code 1', async () => {
  const cwd = temporaryProject({ 'src/lambda.ts': "import './nowhere.ts'" })
  const { exitCode, stdout, stderr } = await runBin(['bundle'], { cwd })
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr.match(/Could not resolve/g)).toHaveLength(1)
  expect(stderr).not.toContain('bundle-lambda.ts')
})

test('another entry may be named', async () => {
  const cwd = temporaryProject({ 'health.ts': 'export const handler = 1' })
  expect(await runBin(['bundle', 'health.ts'], { cwd })).toMatchObject({ exitCode: 0 })
})
