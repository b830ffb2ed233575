/**
 * Sorted digests as one text, each with a space behind it. A thousand of them are compared in long stretches: as a set
 * they would cost a Worker more than 1 ms of CPU time.
 * @module
 */

/** Characters of a digest. */
export const digestLength = 12
const width = digestLength + 1

/** @param digests sorted by their code units */
export const joinDigests = (digests: readonly string[]): string =>
  digests.map((digest) => `${digest} `).join('')

/** What only one of two lists has. */
export interface Unequal {
  /** Positions in the first list. */
  readonly positions: readonly number[]
  /** Digests of the second. */
  readonly others: readonly string[]
}

/** @param first, second texts of {@link joinDigests} */
export function compareDigests(first: string, second: string): Unequal {
  const positions: number[] = []
  const others: string[] = []
  let i = 0
  let j = 0
  while (i < first.length || j < second.length) {
    const common = commonLength(first, i, second, j)
    i += common
    j += common
    const mine = first.slice(i, i + width)
    const other = second.slice(j, j + width)
    if (mine === other) continue
    if (other === '' || (mine !== '' && mine < other)) {
      positions.push(i / width)
      i += width
    } else {
      others.push(other.trimEnd())
      j += width
    }
  }
  return { positions, others }
}

/** How far both are the same from here, in steps that double while they are. */
function commonLength(first: string, i: number, second: string, j: number): number {
  let length = 0
  for (let step = width; ; step *= 2) {
    const stretch = first.slice(i + length, i + length + step)
    if (stretch === '' || !second.startsWith(stretch, j + length)) return length
    length += stretch.length
  }
}
