import { atMost, type Figure, measured } from '../support/figure.ts'
import { ms } from '../support/format.ts'
import { median } from '../support/rounds.ts'
import { askHealthy, type Stage } from './stage.ts'

const mostRoundTrips = 3
/** Added to every answer of Postgres and Redis. */
const latencyMs = 25

/** How many round trips to a dependency an uncached answer waits for, one after another. */
export async function measureRoundTrips({ stand, uncached }: Stage, short: boolean): Promise<Figure[]> {
  const { sqlProxy, redisProxy } = stand.stack
  const took: number[] = []
  for (const proxy of [sqlProxy, redisProxy]) proxy.latencyMs = latencyMs
  try {
    for (let time = 0; time < (short ? 15 : 31); time += 1) took.push(await askHealthy(uncached))
  } finally {
    for (const proxy of [sqlProxy, redisProxy]) proxy.latencyMs = 0
  }
  return [
    // There cannot have been more than fit into the fastest answer; `test/product.test.ts` counts the calls themselves.
    atMost(
      'round trips on the critical path, all 4 checks: no more than',
      Math.floor(Math.min(...took) / latencyMs),
      mostRoundTrips,
    ),
    measured(`all 4 checks with ${latencyMs} ms added to each trip, median`, ms(median(took))),
  ]
}
