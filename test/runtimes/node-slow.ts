import type { Check } from '../../src/index.ts'
import { serve } from '../../src/node.ts'

/** A check that takes long enough for a signal to arrive while it is asked. */
const slow: Check = {
  name: 'slow',
  async run() {
    console.log(JSON.stringify({ message: 'asked' }))
    await new Promise((resolve) => setTimeout(resolve, 1000))
    return { status: 'pass', code: 'ok', output: 'slow' }
  },
}

/** A check that leaves a promise behind, which rejects after its answer. */
const careless: Check = {
  name: 'careless',
  async run() {
    void Promise.reject(new Error('lost, with planted-secret-of-the-tests'))
    return { status: 'pass', code: 'ok', output: 'careless' }
  },
}

await serve({ checks: [slow, careless] })
