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

await serve({ checks: [slow] })
