/**
 * The known word that was probably meant: at most two slips of the keyboard away, or one that begins with what was typed.
 *
 * @returns undefined when nothing comes close, since a wrong suggestion is worse than none
 */
export function suggest(typed: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((word) => ({ word, slips: word.startsWith(typed) ? 0 : editDistance(typed, word) }))
    .sort((a, b) => a.slips - b.slips)
  const best = ranked[0]
  return best && best.slips <= Math.min(2, typed.length - 1) ? best.word : undefined
}

/** ` (Did you mean WORD?)` for a sentence, or nothing. */
export function didYouMean(typed: string, known: readonly string[]): string {
  const meant = suggest(typed, known)
  return meant === undefined ? '' : ` (Did you mean ${meant}?)`
}

/** Levenshtein distance: how many letters to insert, remove or replace. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replaced = at(row, j) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, at(row, j + 1) + 1, at(next, j) + 1))
    }
    row = next
  }
  return at(row, b.length)
}

const at = (row: readonly number[], column: number): number => row[column] ?? 0
