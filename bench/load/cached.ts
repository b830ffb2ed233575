import { atLeast, type Figure, measured } from '../support/figure.ts'
import { ms, perSecond, times } from '../support/format.ts'
import { alternate, median, medianRatio } from '../support/rounds.ts'
import { type Load, loadHealthy } from '../support/wrk.ts'
import { askHealthy, path, type Stage } from './stage.ts'

/** Part of the floor's requests per second that a cached answer must reach. */
const leastOfFloor = 0.7
const connections = 16

/** Answers from the cache, beside a Worker that does nothing and beside the peers. */
export async function measureCached(stage: Stage, short: boolean): Promise<Figure[]> {
  const seconds = short ? 2 : 4
  const round = (server: { url: string }) => async () => {
    // The round finds a result in the cache, whatever the round before it took.
    await askHealthy(server)
    return loadHealthy({ url: server.url + path, connections, seconds })
  }
  const loads = await alternate(short ? 3 : 7, {
    floor: round(stage.floor),
    ours: round(stage.cached),
    flask: round(stage.flask),
    terminus: round(stage.terminus),
  })
  const rates = (name: keyof typeof loads) => loads[name].map((one) => one.perSecond)
  const middle = (name: keyof typeof loads, of: (one: Load) => number) => median(loads[name].map(of))
  const shown = (name: keyof typeof loads) =>
    `${perSecond(middle(name, (one) => one.perSecond))}, p50 ${ms(middle(name, (one) => one.p50Ms))}`
  return [
    atLeast(
      'answers from the cache: share of a bare Hono Worker’s requests per second',
      medianRatio(rates('ours'), rates('floor')),
      leastOfFloor,
      (value) => value.toFixed(2),
    ),
    measured(
      'answers from the cache: p50, times the bare Hono Worker’s',
      times(
        medianRatio(
          loads.ours.map((one) => one.p50Ms),
          loads.floor.map((one) => one.p50Ms),
        ),
      ),
    ),
    measured(
      'answers from the cache: times the Flask endpoint’s requests per second',
      times(medianRatio(rates('ours'), rates('flask'))),
    ),
    measured(
      'answers from the cache: times @godaddy/terminus’s (it has no cache)',
      times(medianRatio(rates('ours'), rates('terminus'))),
    ),
    measured('a bare Hono Worker', shown('floor')),
    measured('ours, cached', shown('ours')),
    measured('the Flask endpoint, cached', shown('flask')),
    measured('@godaddy/terminus, 2 of the 4 questions', shown('terminus')),
  ]
}
