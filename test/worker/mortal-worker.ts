import type { Environment } from '../../src/config/config.ts'
import { createWorker } from '../../src/worker.ts'

const worker = createWorker()
const keepNothing = { waitUntil: () => {} }

/** A Worker that can end a request while its run is under way, as the platform may: the run dies with it. */
export default {
  async fetch(request: Request, environment: Environment) {
    const answer = worker.fetch(request, environment, keepNothing)
    if (!request.headers.has('x-die')) return answer
    answer.catch(() => {})
    // So long that the run has begun, also on a busy machine.
    await new Promise((resolve) => setTimeout(resolve, 300))
    return Response.json({})
  },
}
