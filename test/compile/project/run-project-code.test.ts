import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished, vi } from 'vitest'
import { runProjectCode } from '../../../src/compile/project/run-project-code.ts'
import { runBin } from '../../cli/run-bin.ts'
import { below, journalFiles, temporaryProject } from '../folders.ts'

/** A config that never answers, hears no signal, and says who it is. */
const hangs = `import { writeFileSync } from 'node:fs'
process.on('SIGTERM', () => {})
setInterval(() => {}, 1000)
writeFileSync(new URL('./pid', import.meta.url), String(process.pid))
await new Promise(() => {})
export default {}`

const soon = { timeout: 60_000 }

async function pidOf(project: string): Promise<number> {
  const file = join(project, 'pid')
  await vi.waitFor(() => expect(existsSync(file) && readFileSync(file, 'utf8')).toMatch(/^\d+$/), soon)
  const pid = Number(readFileSync(file, 'utf8'))
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL')
  })
  return pid
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const gone = (pid: number) => vi.waitFor(() => expect(isAlive(pid)).toBe(false), soon)

it('ends a child that hears no signal when nobody waits for it any more', async () => {
  const project = temporaryProject({ 'drizzle.config.ts': hangs })
  const program = fileURLToPath(new URL('../../../src/compile/project/config-child.ts', import.meta.url))
  const file = join(project, 'drizzle.config.ts')
  const stop = new AbortController()
  const answer = runProjectCode(program, file, file, stop.signal)
  const pid = await pidOf(project)
  stop.abort()
  expect(await answer).toMatchObject({ answered: false })
  await gone(pid)
})

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'a child ends when compile is ended by %s',
  async (signal) => {
    const project = temporaryProject({
      'drizzle.config.ts': hangs,
      ...below('drizzle', journalFiles({ '0000_a': 'select 1' })),
    })
    let pid = 0
    await runBin(['compile'], {
      cwd: project,
      onStart: async (compile) => {
        pid = await pidOf(project)
        compile.kill(signal)
      },
    })
    await gone(pid)
  },
  60_000,
)
