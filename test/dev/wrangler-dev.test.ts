import { copyFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { runProgram } from '../cli/run-bin.ts'
import { temporaryFolder } from '../compile/folders.ts'

it('leaves no file of secrets behind where wrangler is not installed', async () => {
  // Outside of this repository, where no wrangler is found.
  const directory = temporaryFolder({ 'package.json': '{"type":"module"}' })
  for (const name of ['core', 'dev', 'config']) mkdirSync(join(directory, name))
  for (const name of [
    'core/error-code.ts',
    'dev/wrangler-dev.ts',
    'dev/environment.ts',
    'dev/start-error.ts',
    'config/variables.ts',
  ]) {
    copyFileSync(join('src', name), join(directory, name))
  }
  const TMPDIR = join(directory, 'tmp')
  mkdirSync(TMPDIR)
  const program = `import { startWranglerDev } from './dev/wrangler-dev.ts'
    startWranglerDev({ directory: '.', port: 1, variables: { HEALTH_TOKEN: 'planted' }, environment: {} })`
  const { stderr } = await runProgram(process.execPath, ['--input-type=module', '-e', program], {
    cwd: directory,
    env: { TMPDIR },
  })
  expect(stderr).toContain('StartError: wrangler is not installed: npm install -D wrangler')
  expect(readdirSync(TMPDIR)).toEqual([])
})
