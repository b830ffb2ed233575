import { describe } from 'vitest'
import { packageFile, provideNpmPackages } from '../servers/npm-packages.ts'
import { startServerProcess } from '../servers/server-process.ts'
import { describeAnswers } from './cases.ts'

provideNpmPackages('runtimes')

const rights = ['--allow-env', '--allow-net', '--allow-sys', '--allow-read']

describe.each([
  ['the server on Node', [process.execPath, 'test/runtimes/node.ts']],
  ['the app on Bun', [packageFile('runtimes', 'bun', 'bin/bun.exe'), 'test/runtimes/bun.ts']],
  ['the app on Deno', [packageFile('runtimes', 'deno', 'deno'), 'run', ...rights, 'test/runtimes/deno.ts']],
])('%s', (platform, command) => {
  describeAnswers(platform, async (environment) => {
    const { url, close } = await startServerProcess(command, environment)
    return { send: (path, init = {}) => fetch(url + path, init), close }
  })
})
