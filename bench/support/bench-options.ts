import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Fewer and shorter rounds, for CI: the bounds stay. */
  readonly short: boolean
  /** How long the load with a flapping dependency lasts. */
  readonly flappingSeconds: number
  /** Whether the figures are kept. */
  readonly record: boolean
}

export const usage = `Options:
  --short           fewer and shorter rounds, half a minute of flapping; the bounds stay
  --minutes <n>     length of the load with a flapping dependency [5]
  --record          add the figures to bench/history.jsonl, draw docs/bench-history.svg and write the tables of docs/performance.md
  --help            this text`

/** @throws Error in a sentence when the arguments are not those of {@link usage} */
export function readBenchOptions(args: readonly string[]): BenchOptions & { readonly help: boolean } {
  const { values } = parseArgs({
    args: [...args],
    options: {
      short: { type: 'boolean', default: false },
      minutes: { type: 'string' },
      record: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const minutes = values.minutes === undefined ? (values.short ? 0.5 : 5) : Number(values.minutes)
  // Within less than half a minute memory still grows to its first full collection.
  if (!(minutes >= 0.5 && minutes <= 60)) throw new Error('--minutes expects a number from 0.5 to 60')
  const { short, record, help } = values
  return { short, flappingSeconds: Math.round(minutes * 60), record, help }
}
