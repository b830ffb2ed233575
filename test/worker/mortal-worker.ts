import type { Environment } from '../../src/config/config.ts'
import { createWorker } from '../../src/worker.ts'

const worker = createWorker()
const keepNothing = { waitUntil: () => {} }
let isToDie = false

/** A Worker that can end a request while its run is under way, as the platform may: the run dies with it, when /die is asked for. */
export default {
  async fetch(request: Request, environment: Environment) {
    if (new URL(request.url).pathname === '/die') {
      isToDie = true
      return new Response()
    }
    const answer = worker.fetch(request, environment, keepNothing)
    if (!request.headers.has('x-die')) return answer
    answer.catch(() => {})
    while (!isToDie) await new Promise((resolve) => setTimeout(resolve, 20))
    return Response.json({})
  },
}
