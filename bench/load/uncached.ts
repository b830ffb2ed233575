import { type Figure, measured } from '../support/figure.ts'
import { ms, times } from '../support/format.ts'
import { mainThreadCpuMs } from '../support/process-cost.ts'
import { alternate, median, medianRatio } from '../support/rounds.ts'
import { loadHealthy } from '../support/wrk.ts'
import { path, type Stage } from './stage.ts'

/** How many times faster than the Flask peer an uncached answer must be; less is a note on a loaded machine. */
const wanted = 40
const least = 20

/** All checks asked anew by each request, one request after another. */
export async function measureUncached(stage: Stage, short: boolean): Promise<Figure[]> {
  const seconds = short ? 3 : 5
  const round =
    ({ url }: { url: string }, query = '') =>
    async () =>
      (await loadHealthy({ url: url + path + query, connections: 1, seconds })).p50Ms
  const p50 = await alternate(short ? 3 : 5, {
    ours: round(stage.uncached),
    flask: round(stage.flaskUncached),
    oursOfTwo: round(stage.uncached, '?check=database,redis'),
    flaskOfTwo: round(stage.flaskWithoutCelery),
    terminus: round(stage.terminus),
  })
  return [
    verdict(medianRatio(p50.flask, p50.ours)),
    measured('all 4 checks, nothing cached: ours, p50', ms(median(p50.ours))),
    measured(
      'all 4 checks, nothing cached: CPU time of workerd for one answer',
      ms(await cpuOfOne(stage, seconds)),
    ),
    measured(
      'all 4 checks, nothing cached: the Flask endpoint, p50 (1 s of it is inspect().stats())',
      ms(median(p50.flask)),
    ),
    measured('database and redis only, nothing cached: ours, p50', ms(median(p50.oursOfTwo))),
    measured('database and redis only, nothing cached: the Flask endpoint, p50', ms(median(p50.flaskOfTwo))),
    measured(
      'database and redis only: @godaddy/terminus, p50 (sockets that stay open)',
      ms(median(p50.terminus)),
    ),
  ]
}

/** A Worker's CPU time is what it is billed by, and limited to. */
async function cpuOfOne({ uncached }: Stage, seconds: number): Promise<number> {
  const before = mainThreadCpuMs(uncached.pid)
  const { requests } = await loadHealthy({ url: uncached.url + path, connections: 1, seconds })
  return (mainThreadCpuMs(uncached.pid) - before) / requests
}

function verdict(value: number): Figure {
  return {
    what: 'all 4 checks, nothing cached: times faster than the Flask endpoint',
    figure: times(value),
    bound: `at least ${wanted}; ${least} is worth a note`,
    verdict: value >= wanted ? 'held' : value >= least ? 'note' : 'defect',
  }
}
