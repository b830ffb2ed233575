/**
 * Ours beside a bare Hono Worker and beside the peers, in one run and against the same servers.
 *
 * node bench/load.ts --help
 */
import { measureBystander } from './load/bystander.ts'
import { measureCached } from './load/cached.ts'
import { measureFlapping } from './load/flapping.ts'
import { measureRoundTrips } from './load/round-trips.ts'
import { type Stage, startStage } from './load/stage.ts'
import { measureStampede } from './load/stampede.ts'
import { measureUncached } from './load/uncached.ts'
import { runBench, say } from './support/bench.ts'
import type { BenchOptions } from './support/bench-options.ts'
import type { Figure } from './support/figure.ts'
import { provideForLoad } from './support/requirements.ts'

async function measureLoad({ short, flappingSeconds }: BenchOptions): Promise<Figure[]> {
  provideForLoad()
  say('starting Postgres, Redis, Celery, three Workers and four peers')
  const stage = await startStage()
  const steps: readonly (readonly [string, (stage: Stage) => Promise<Figure[]>])[] = [
    ['cached answers', () => measureCached(stage, short)],
    ['uncached answers', () => measureUncached(stage, short)],
    ['round trips', () => measureRoundTrips(stage, short)],
    ['stampedes', () => measureStampede(stage)],
    ['a bystander while Redis is frozen', () => measureBystander(stage)],
    [
      `${flappingSeconds} s of load with a dependency flapping`,
      () => measureFlapping(stage, flappingSeconds),
    ],
  ]
  try {
    const figures: Figure[] = []
    for (const [what, measure] of steps) {
      say(`measuring ${what}`)
      figures.push(...(await measure(stage)))
    }
    return figures
  } finally {
    await stage.close()
  }
}

await runBench(import.meta.url, 'Load', measureLoad)
