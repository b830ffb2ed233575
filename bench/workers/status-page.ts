import type { CustomCheck } from '../../src/core/check.ts'
import { createWorker } from '../../src/worker.ts'

const passing = (name: string): CustomCheck => ({
  name,
  run: () => ({ status: 'pass', code: 'ok', output: `${name} ok` }),
})

/** Checks that ask nothing: what is measured is the page. */
export default createWorker({ checks: ['api', 'mail', 'search', 'images', 'billing', 'maps'].map(passing) })
