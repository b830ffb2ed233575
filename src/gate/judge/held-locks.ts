import { type Effect, type Relation, relationName } from '../measure/effect.ts'
import { type LockMode, strongest, waitingFor } from '../measure/lock-mode.ts'
import type { Waits } from './finding.ts'

interface Held {
  readonly relation: Relation
  readonly mode: LockMode | undefined
}

/**
 * What the open transaction holds, added up over its statements: a table that an early statement locked waits for the
 * work of every later one.
 */
export class HeldLocks {
  private held = new Map<string, Held>()
  private readonly remade: ReadonlySet<string>

  /** @param remade names of what is dropped and made again, as drizzle-kit does with views */
  constructor(remade: ReadonlySet<string> = new Set()) {
    this.remade = remade
  }

  /** Takes what a statement locked, and says whose traffic waits that did not wait before. */
  take(effects: readonly Effect[]): Waits[] {
    const newly: Waits[] = []
    for (const { relation, locks, locksIndex, dropped } of effects) {
      const before = this.held.get(relation.oid)
      const modes = [...locks, ...(locksIndex ? (['AccessExclusiveLock'] as const) : [])]
      const mode = strongest([...(before?.mode ? [before.mode] : []), ...modes])
      const [was, is] = [waitingFor(before?.mode), waitingFor(mode)]
      // Nobody waits for a table that will be gone: who names it fails, which is said elsewhere.
      if (dropped && !this.remade.has(relationName(relation))) this.held.delete(relation.oid)
      else {
        this.held.set(relation.oid, { relation, mode })
        if ((is.reads && !was.reads) || (is.writes && !was.writes))
          newly.push({ object: relationName(relation), ...is })
      }
    }
    return newly
  }

  /** Whose traffic waits now. */
  waits(): Waits[] {
    return [...this.held.values()].flatMap(({ relation, mode }) => {
      const waiting = waitingFor(mode)
      return waiting.writes ? [{ object: relationName(relation), ...waiting }] : []
    })
  }

  /** The transaction has ended. */
  release(): void {
    this.held = new Map()
  }
}
