import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExpectedSchema } from '../../src/checks/migrations/expected-schema.ts'

/** An application's Worker, written as the README tells it to. */
export interface WorkerEntry {
  /** Path of its module. */
  readonly path: string
  remove(): void
}

const worker = fileURLToPath(new URL('../../src/worker.ts', import.meta.url))

/**
 * Writes the module of a Worker with this expected schema. Raw workerd says nothing of a rejection that nobody
 * handled, so the module does.
 */
export function writeWorkerEntry(expected: ExpectedSchema): WorkerEntry {
  const directory = mkdtempSync(join(tmpdir(), 'health-bench-'))
  const path = join(directory, 'worker.ts')
  writeFileSync(join(directory, 'expected.json'), JSON.stringify(expected))
  writeFileSync(
    path,
    `import { createWorker } from ${JSON.stringify(worker)}
import expected from './expected.json'
addEventListener('unhandledrejection', ({ reason }) => console.error('${unhandled}', String(reason)))
export default createWorker({ expected })
`,
  )
  return { path, remove: () => rmSync(directory, { recursive: true, force: true }) }
}

/** How a line of the output begins that tells of a rejection nobody handled. */
export const unhandled = 'unhandled rejection'
