import { appendFileSync, mkdirSync, statSync, utimesSync, watch, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest'
import { reloadOnChange } from '../../src/dev/reload.ts'
import { below, journalFiles, temporaryFolder, writeFiles } from '../compile/folders.ts'

/** A project whose models lie beside its Worker's entry. */
async function reloading(): Promise<{ directory: string; entry: string }> {
  const directory = temporaryFolder({
    'wrangler.toml': 'main = "src/worker.ts"',
    'drizzle.config.ts':
      "export default { dialect: 'postgresql', out: './drizzle', schema: './src/schema.ts' }",
    'src/worker.ts': '',
    'src/schema.ts': '',
    ...below('drizzle', journalFiles({ '0000_first': 'create table events (id int);' })),
  })
  const entry = join(directory, 'src/worker.ts')
  utimesSync(entry, 0, 0)
  onTestFinished(
    await reloadOnChange({ sources: { config: 'drizzle.config.ts' }, workingDirectory: directory }),
  )
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return { directory, entry }
}

beforeEach(() => vi.useRealTimers())
afterEach(() => vi.useRealTimers())

async function turnsUntil(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn()
}

/** Resolves when every event up to the next one of the file has been reported. */
async function nextEventOf(file: string): Promise<void> {
  let seen = false
  const watcher = watch(file, () => {
    seen = true
  })
  await turnsUntil(() => seen)
  await nextTurn()
  watcher.close()
}

/** Whether the entry is touched once the changes that were reported have settled; then it is as before. */
function isTouched(entry: string): boolean {
  vi.advanceTimersByTime(1000)
  const touched = statSync(entry).mtimeMs > 0
  if (touched) utimesSync(entry, 0, 0)
  return touched
}

it('touches the Worker’s entry when a model beside it changes, and does not take the touch for the next change', async () => {
  const { directory, entry } = await reloading()
  const touch = nextEventOf(entry)
  appendFileSync(join(directory, 'src/schema.ts'), '// changed')
  await turnsUntil(() => isTouched(entry))
  await touch
  expect(isTouched(entry)).toBe(false)
})

it.each(['.wrangler', '.edge-health', '.git', 'node_modules'])(
  'does not build again for what tools write into %s',
  async (folder) => {
    const { directory, entry } = await reloading()
    const file = join(directory, 'src', folder, 'state')
    mkdirSync(join(directory, 'src', folder))
    writeFileSync(file, '')
    const change = nextEventOf(file)
    appendFileSync(file, 'changed')
    await change
    expect(isTouched(entry)).toBe(false)
  },
)

it('touches it when a migration changes', async () => {
  const { directory, entry } = await reloading()
  writeFiles(join(directory, 'drizzle'), { '0001_second.sql': 'select' })
  await turnsUntil(() => isTouched(entry))
})
