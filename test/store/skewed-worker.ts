import type { Environment } from '../../src/config/config.ts'
import { createWorker } from '../../src/worker.ts'

const worker = createWorker()
const realNow = Date.now

/** A Worker on a machine whose clock is wrong by CLOCK_SKEW_MS. */
export default {
  fetch(request: Request, environment: Environment, context: { waitUntil(work: Promise<unknown>): void }) {
    const skewMs = Number(environment['CLOCK_SKEW_MS'] ?? 0)
    Date.now = () => realNow() + skewMs
    return worker.fetch(request, environment, context)
  },
}
