import { countAtMost, type Figure, measured } from '../support/figure.ts'
import { ms } from '../support/format.ts'
import { alternate, median } from '../support/rounds.ts'
import { askHealthy, type Stage } from './stage.ts'

const mostRoundTrips = 3
/** Added to every answer of Postgres and Redis: what an answer takes longer by it tells how many it waited for. */
const latencyMs = 25

/** How many round trips to a dependency an uncached answer waits for, one after another. */
export async function measureRoundTrips({ stand, uncached }: Stage, short: boolean): Promise<Figure[]> {
  const { sqlProxy, redisProxy } = stand.stack
  const askWith = (latency: number) => async () => {
    for (const proxy of [sqlProxy, redisProxy]) proxy.latencyMs = latency
    return askHealthy(uncached)
  }
  try {
    const { near, far } = await alternate(short ? 15 : 31, { near: askWith(0), far: askWith(latencyMs) })
    const trips = (median(far) - median(near)) / latencyMs
    return [
      countAtMost('round trips on the critical path, all 4 checks', Math.round(trips), mostRoundTrips),
      measured(`uncached with ${latencyMs} ms added to each trip, median`, ms(median(far))),
    ]
  } finally {
    for (const proxy of [sqlProxy, redisProxy]) proxy.latencyMs = 0
  }
}
