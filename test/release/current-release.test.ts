import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { currentRelease } from '../../src/release/current-release.ts'
import { DeployError } from '../../src/release/run-tool.ts'

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'health-release-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

it('is the git commit, with a warning when there is more than the commit', () => {
  const directory = temporaryDirectory()
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@health.example', ...args], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  git('init')
  git('commit', '--allow-empty', '-m', 'first')
  const name = git('rev-parse', '--short', 'HEAD')
  expect(currentRelease({}, directory)).toEqual({ name })
  writeFileSync(join(directory, 'change'), '')
  expect(currentRelease({}, directory)).toEqual({ name, warning: expect.stringContaining('in no commit') })
  expect(currentRelease({ SENTRY_RELEASE: 'v1.2.3' }, directory)).toEqual({ name: 'v1.2.3' })
})

it('has to be named where there is no commit', () => {
  expect(() => currentRelease({ SENTRY_RELEASE: ' ' }, temporaryDirectory())).toThrow(DeployError)
  expect(() => currentRelease({}, temporaryDirectory())).toThrow('SENTRY_RELEASE')
})
