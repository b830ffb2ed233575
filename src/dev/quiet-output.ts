/**
 * Passes on what `wrangler dev` prints. Until the Worker answers, wrangler talks about itself, so what it prints is
 * held back, unless something is wrong; what it warns of is passed on at once.
 */
export function untilReadyQuiet(print: (line: string) => void): {
  onLine(line: string, from: 'stdout' | 'stderr'): void
  /** Prints what was held back, and from now on everything. */
  release(): void
  /** Drops what was held back, and from now on prints everything. */
  forget(): void
} {
  let held: string[] | undefined = []
  const release = () => {
    for (const line of held ?? []) print(line)
    held = undefined
  }
  return {
    onLine(line, from) {
      if (line.trim() === '') return
      if (from === 'stderr' && line.includes('[ERROR]')) release()
      if (held && from === 'stdout') held.push(line)
      else print(line)
    },
    release,
    forget() {
      held = undefined
    },
  }
}
