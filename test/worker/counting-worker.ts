import type { Environment } from '../../src/config/config.ts'
import { createWorker } from '../../src/worker.ts'

const worker = createWorker()
let arrived = 0

/** A Worker that says how many requests have come, so that a test can wait for them. */
export default {
  async fetch(request: Request, environment: Environment, context: Parameters<typeof worker.fetch>[2]) {
    if (new URL(request.url).pathname === '/arrived') return new Response(String(arrived))
    const answer = worker.fetch(request, environment, context)
    // Counted when it is under way.
    arrived += 1
    return answer
  },
}
