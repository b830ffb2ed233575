import { createRequire } from 'node:module'
import { join } from 'node:path'
import { describe } from 'vitest'
import { startServerProcess } from '../servers/server-process.ts'
import { describeAnswers } from './cases.ts'

/** The program that a package of npm brings along. */
const programOf = (name: string, file: string) =>
  join(createRequire(import.meta.url).resolve(`${name}/package.json`), '..', file)

const rights = ['--allow-env', '--allow-net', '--allow-sys', '--allow-read']

describe.each([
  ['the server on Node', [process.execPath, 'test/runtimes/node.ts']],
  ['the app on Bun', [programOf('bun', 'bin/bun.exe'), 'test/runtimes/bun.ts']],
  ['the app on Deno', [programOf('deno', 'deno'), 'run', ...rights, 'test/runtimes/deno.ts']],
])('%s', (platform, command) => {
  describeAnswers(platform, async (environment) => {
    const { url, close } = await startServerProcess(command, environment)
    return { send: (path, init = {}) => fetch(url + path, init), close }
  })
})
