import type { LockRow, RelationRow } from './queries.ts'

/** What changed about one relation since it was looked at before. */
export interface FileChanges {
  readonly hasNewFile: boolean
  readonly dropped: boolean
  readonly scanned: boolean
}

/** Remembers files and scan counters from statement to statement. */
interface KnownFiles {
  take(rows: readonly RelationRow[]): void
  /** The counters begin at 0 again. */
  forgetScans(): void
  compare(row: LockRow): FileChanges
  /** Whether an index has a file that no index had before: one that keeps its file under another oid was not built. */
  isBuilt(index: LockRow): boolean
}

export function createKnownFiles(): KnownFiles {
  const files = new Map<string, string | null>()
  const scans = new Map<string, number>()
  const ofIndexes = new Set<string>()
  return {
    take(rows) {
      for (const { oid, kind, filenode, scans: count } of rows) {
        files.set(oid, filenode)
        scans.set(oid, count)
        if (kind === 'i' && filenode !== null) ofIndexes.add(filenode)
      }
    },
    forgetScans: () => scans.clear(),
    compare({ oid, exists, filenode, scans: count }) {
      const changes: FileChanges = {
        hasNewFile: exists && filenode !== files.get(oid),
        dropped: !exists && files.has(oid),
        // REINDEX CONCURRENTLY lets the counter fall.
        scanned: count > (scans.get(oid) ?? 0),
      }
      if (exists) files.set(oid, filenode)
      else files.delete(oid)
      scans.set(oid, count)
      return changes
    },
    isBuilt({ filenode }) {
      if (filenode === null || ofIndexes.has(filenode)) return false
      ofIndexes.add(filenode)
      return true
    },
  }
}
