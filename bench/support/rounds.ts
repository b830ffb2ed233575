/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  if (low === undefined || high === undefined) throw new Error('there is no median of nothing')
  return (low + high) / 2
}

/**
 * Measures each of several things once, then each once more, and so on: on a shared machine a slow minute then
 * slows all of them, and the ratios stay.
 *
 * @returns for each name, one value of every round
 */
export async function alternate<Name extends string, Value>(
  rounds: number,
  measure: Readonly<Record<Name, () => Promise<Value>>>,
): Promise<Record<Name, Value[]>> {
  const names = Object.keys(measure) as Name[]
  const values = Object.fromEntries(names.map((name) => [name, [] as Value[]])) as Record<Name, Value[]>
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) values[name].push(await measure[name]())
  }
  return values
}

/** The ratio of each round, and of those the median: what both had in common in a round cancels out. */
export function medianRatio(over: readonly number[], under: readonly number[]): number {
  return median(over.map((value, round) => value / (under[round] as number)))
}
