/** Work that may outlive an answer, for a platform that has to wait for it itself. */
export interface Background {
  readonly waitUntil: (work: Promise<unknown>) => void
  /** Resolves when all of it has ended, well or not, and what it handed over meanwhile too. */
  settled(): Promise<void>
}

export function createBackground(): Background {
  let all: Promise<unknown>[] = []
  return {
    waitUntil: (work) => void all.push(work),
    async settled() {
      while (all.length > 0) {
        const ending = all
        all = []
        await Promise.allSettled(ending)
      }
    },
  }
}
