/** Work that goes on after answers, which a server that stops waits for. */
interface PendingWork {
  readonly add: (work: Promise<unknown>) => void
  /** Resolves when none is left. */
  settled(): Promise<void>
}

/** Keeps only what has not ended yet: a server lives for months. */
export function createPendingWork(): PendingWork {
  const pending = new Set<Promise<unknown>>()
  return {
    add(work) {
      pending.add(work)
      const end = () => pending.delete(work)
      work.then(end, end)
    },
    async settled() {
      while (pending.size > 0) await Promise.allSettled(pending)
    },
  }
}
